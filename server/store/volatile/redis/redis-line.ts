import { Returned } from '#shared/queue/calls.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Line, Receiver, Role } from '../relay.ts';
import type { JoinedSteps, Step } from './joined-steps.ts';
import { Told } from './node-channel.ts';

const ignore = () => {};

/** One attached side whose conversation is in Redis. */
export class RedisLine implements Line {
  readonly number: number;
  readonly conversation: ConversationId;
  readonly role: Role;
  onDetached: () => void = ignore;
  private isOtherHere = false;
  private readonly turn: number;
  private readonly receiver: Receiver;
  private readonly key: string;
  private readonly steps: JoinedSteps;
  /** The other side's first message that this side has not told it has. */
  private expected = 1;
  private stored = 0;
  private delivered = 0;

  constructor(
    number: number,
    conversation: ConversationId,
    role: Role,
    turn: number,
    key: string,
    receiver: Receiver,
    steps: JoinedSteps
  ) {
    this.number = number;
    this.conversation = conversation;
    this.role = role;
    this.turn = turn;
    this.key = key;
    this.receiver = receiver;
    this.steps = steps;
  }

  step(name: string, first = 0, second = 0, bytes?: Uint8Array): Step {
    const { key, number: line, turn, role } = this;
    const side = role === 'visitor' ? 'v' : 'c';
    const step = { name, key, line, turn, first, second, side } as const;
    return bytes ? { ...step, bytes } : step;
  }

  /** What the script, here or on another node, has to tell this side. */
  hear(kind: number, first: number, second: number, frame: Uint8Array | undefined): void {
    const { receiver } = this;
    if (kind === Told.message && frame) receiver.message(frame);
    else if (kind === Told.status) this.tellStatus(first, second);
    else if (kind === Told.here || kind === Told.away) this.otherIsHere(kind === Told.here);
    else if (kind === Told.moved) receiver.moved();
    else if (kind === Told.closed) receiver.closed();
    else if (kind === Told.returned) {
      this.onDetached();
      receiver.returned(Returned.options[first] ?? 'counsellor-away');
    }
  }

  append(n: number, base: number, frame: Uint8Array): void {
    this.steps.push({
      step: this.step('append', n, base, frame),
      done: ([outcome, stored, delivered]) => {
        if (outcome === 0) this.tellStatus(Number(stored), Number(delivered));
        else if (outcome === 1) this.receiver.gap(Number(stored));
      },
      failed: ignore
    });
  }

  received(n: number): void {
    this.expected = Math.max(this.expected, n + 1);
    this.steps.pushUnhurried(this.step('received', n));
  }

  sync(expected: number): void {
    this.expected = Math.max(this.expected, expected);
    this.ask((stored) => stored < this.stored);
  }

  /** Redis was out of reach, so the channel may have lost anything. */
  askAgain(): void {
    this.ask(() => true);
  }

  /** What Redis knows of this side when it takes its place. */
  attached(stored: number, delivered: number, isOtherHere: boolean): void {
    this.stored = stored;
    this.delivered = delivered;
    this.isOtherHere = isOtherHere;
  }

  /**
   * Asks for what was missed. Where Redis has lost what it had stored, the client is told up to where it
   * has it, and sends the rest: else a message whose receipt was lost with it would stay under way.
   */
  private ask(mayHaveLost: (stored: number) => boolean): void {
    this.steps.push({
      step: this.step('sync', this.expected),
      done: ([stored, delivered, ...frames]) => {
        if (stored === undefined) return;
        for (const frame of frames) if (typeof frame !== 'number') this.receiver.message(frame);
        const known = Number(stored);
        const isLost = mayHaveLost(known);
        if (!isLost || Number(delivered) > this.delivered)
          this.tellStatus(known, Number(delivered));
        if (isLost) this.receiver.gap(known);
      },
      failed: ignore
    });
  }

  /**
   * An answer and the channel come over two connections, so the older may come last; what was once
   * delivered stays so.
   */
  private tellStatus(stored: number, delivered: number): void {
    this.stored = Math.max(this.stored, stored);
    this.delivered = Math.max(this.delivered, delivered);
    this.receiver.status(this.stored, this.delivered);
  }

  /** Every sync asks whether the other side's node lives; only a change is worth a word. */
  private otherIsHere(here: boolean): void {
    if (here !== this.isOtherHere) this.receiver.otherHere(here);
    this.isOtherHere = here;
  }

  detach(): void {
    this.onDetached();
    this.steps.push({ step: this.step('detach'), done: ignore, failed: ignore });
  }
}
