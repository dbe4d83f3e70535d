import { Delivery } from '#shared/conversation/delivery.ts';
import { firstOf, FrameKind, gapFrame, secondOf, statusFrame } from '#shared/wire/frame.ts';
import type { Line, Receiver, RelayStore, Role } from '#server/store/volatile/relay.ts';

/** One side of a conversation with the client's own delivery, attached to a relay without a socket. */
export class Party implements Receiver {
  readonly taken: number[] = [];
  readonly delivery: Delivery;
  private line: Line | null = null;
  private relay: RelayStore | null = null;
  private readonly room: string;
  private readonly role: Role;
  isOtherHere = false;
  deliveredUpTo = 0;

  constructor(room: string, role: Role) {
    this.room = room;
    this.role = role;
    this.delivery = new Delivery({
      send: (frame) => this.send(frame),
      take: async (sealed) => {
        this.taken.push(new DataView(sealed.buffer, sealed.byteOffset).getUint32(0));
      },
      progressed: (_, delivered) => (this.deliveredUpTo = delivered),
      keep: () => {}
    });
  }

  say(n: number): void {
    const bytes = new Uint8Array(300);
    new DataView(bytes.buffer).setUint32(0, n);
    this.delivery.push(bytes);
  }

  /** Comes back through any node, as often as it takes. */
  async join(relay: RelayStore): Promise<void> {
    this.leave();
    this.relay = relay;
    for (;;) {
      try {
        const attached = await relay.attach(this.room, this.role, this.delivery.next, this, 0);
        if (!attached) throw new Error('closed');
        if (this.relay !== relay) return attached.line.detach();
        this.line = attached.line;
        this.isOtherHere = attached.otherHere;
        this.delivery.attached(attached.stored, attached.delivered);
        attached.line.sync(this.delivery.next);
        return;
      } catch (error) {
        if (error instanceof Error && error.message === 'closed') throw error;
        await new Promise((soon) => setTimeout(soon, 50));
        if (this.relay !== relay) return;
      }
    }
  }

  leave(): void {
    this.delivery.lineLost();
    this.line?.detach();
    this.line = null;
  }

  stop(): void {
    this.relay = null;
    this.leave();
    this.delivery.stop();
  }

  message(frame: Uint8Array): void {
    this.delivery.hear(Uint8Array.from(frame));
  }
  status(stored: number, delivered: number): void {
    this.delivery.hear(statusFrame(stored, delivered));
  }
  gap(stored: number): void {
    this.delivery.hear(gapFrame(stored));
  }
  otherHere(here: boolean): void {
    this.isOtherHere = here;
  }
  moved(): void {}
  returned(): void {}
  closed(): void {}

  private send(frame: Uint8Array): boolean {
    const { line } = this;
    if (!line) return false;
    const first = firstOf(frame);
    if (frame[0] === FrameKind.message) line.append(first, secondOf(frame), frame);
    else if (frame[0] === FrameKind.received) line.received(first);
    else if (frame[0] === FrameKind.sync) line.sync(first);
    return true;
  }
}
