import { io, type Socket } from 'socket.io-client';
import { Delivery } from '#shared/conversation/delivery.ts';
import { attach } from '#shared/conversation/calls.ts';
import { parser, relayEvent } from '#shared/wire/parser.ts';

/** Milliseconds an attach may take before it is asked again. */
const patience = 4_000;

interface Way {
  readonly origin: string;
  readonly capability: string;
  /** Of a counsellor. */
  readonly cookie: string | null;
}

/** One side of a conversation with the client's own delivery, on a socket that comes back by itself. */
export class ChatParty {
  readonly taken: number[] = [];
  /** Milliseconds from saying to hearing, of what the other side said. */
  readonly took: number[] = [];
  said = 0;
  storedUpTo = 0;
  deliveredUpTo = 0;
  /** What it was told that nobody should be told here. */
  readonly complaints: string[] = [];
  private readonly delivery: Delivery;
  private readonly socket: Socket;
  private readonly capability: string;
  private isStopped = false;
  private isAttaching = false;
  private attempt = 0;

  constructor({ origin, capability, cookie }: Way) {
    this.capability = capability;
    this.socket = io(origin, {
      parser,
      transports: ['websocket'],
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 500,
      timeout: 5_000,
      auth: cookie ? { as: 'staff' } : {},
      extraHeaders: { origin, ...(cookie ? { cookie } : {}) }
    });
    this.delivery = new Delivery({
      send: (frame) => {
        if (!this.socket.connected) return false;
        this.socket.emit(relayEvent, frame);
        return true;
      },
      take: async (sealed) => this.take(sealed),
      progressed: (stored, delivered) => {
        this.storedUpTo = stored;
        this.deliveredUpTo = delivered;
      },
      keep: () => {}
    });
    this.socket.on('connect', () => void this.attach());
    this.socket.on('disconnect', (reason) => {
      this.delivery.lineLost();
      this.state = `line lost: ${reason}`;
      // Who is cut off by the server's own word comes back as well.
      if (reason === 'io server disconnect') this.socket.connect();
    });
    this.socket.on('connect_error', (error) => {
      this.state = `cannot connect: ${error.message}`;
      if (!this.socket.active && !this.isStopped) setTimeout(() => this.socket.connect(), 200);
    });
    this.socket.on(relayEvent, (frame: Uint8Array) => this.delivery.hear(new Uint8Array(frame)));
    for (const news of ['conversation:closed', 'conversation:moved', 'queue:returned'])
      this.socket.on(news, () => this.complaints.push(news));
  }

  /** Where it stands, for who looks why something does not arrive. */
  state = 'never attached';
  get isAttached(): boolean {
    return this.state === 'attached';
  }

  say(): void {
    this.said += 1;
    const bytes = Buffer.alloc(300);
    bytes.writeUInt32BE(this.said, 0);
    bytes.writeDoubleBE(performance.now(), 4);
    this.delivery.push(Uint8Array.from(bytes));
  }

  stop(): void {
    this.isStopped = true;
    this.delivery.stop();
    this.socket.disconnect();
  }

  private take(sealed: Uint8Array): void {
    const bytes = Buffer.from(sealed);
    this.taken.push(bytes.readUInt32BE(0));
    this.took.push(performance.now() - bytes.readDoubleBE(4));
  }

  private async attach(): Promise<void> {
    if (this.isAttaching) return;
    this.isAttaching = true;
    try {
      while (this.socket.connected && !this.isStopped) {
        this.attempt += 1;
        const { capability, attempt } = this;
        const request = { capability, expected: this.delivery.next, talked: true, attempt };
        const answer = await this.socket
          .timeout(patience)
          .emitWithAck(attach.name, request)
          .catch(() => null);
        if (answer?.ok) {
          this.state = 'attached';
          this.delivery.attached(answer.value.stored, answer.value.delivered);
          return;
        }
        this.state = `refused: ${answer?.refusal ?? 'no answer'}`;
        // Redis is away, or the answer was lost: on a new line it is asked again.
        if (answer?.refusal === 'already-attached') this.socket.disconnect().connect();
        if (answer && answer.refusal === 'conversation-closed') this.complaints.push('closed');
        await new Promise((soon) => setTimeout(soon, 150));
      }
    } finally {
      this.isAttaching = false;
    }
  }
}
