import type { Returned } from '#shared/queue/calls.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Clock } from '#server/clock.ts';
import { hiddenNames } from './hidden-names.ts';
import { Side } from './side.ts';
import {
  rememberedClosed,
  waitsForSomebody,
  type Attached,
  type Line,
  type Receiver,
  type RelayStore,
  type Role
} from './relay.ts';

interface Conversation {
  readonly visitor: Side;
  readonly counsellor: Side;
  readonly turn: number;
  lastUse: number;
  tookPlace: boolean;
  /** Went back to the queue, which forgets it when nobody comes. */
  isQueued: boolean;
}

/** What is left of a conversation that is over, as long as somebody may still ask. */
interface Ended {
  readonly until: number;
  readonly tookPlace: boolean;
}

const sweepEvery = 60_000;

/** One process, plain Maps: nothing of it is ever in a file. */
export class EmbeddedRelay implements RelayStore {
  private readonly conversations = new Map<ConversationId, Conversation>();
  /** Under hidden names: what an ended conversation was called is not kept. */
  private readonly ended = new Map<string, Ended>();
  private readonly nameOfEnded = hiddenNames();
  onOver: (conversation: ConversationId) => void = () => {};
  private readonly clock: Clock;
  private readonly sweeping: NodeJS.Timeout;
  private readonly forgottenAfter: number;

  /** @param forgottenAfter milliseconds after which a conversation that nobody is attached to is over */
  constructor(clock: Clock, forgottenAfter = waitsForSomebody) {
    this.clock = clock;
    this.forgottenAfter = forgottenAfter;
    this.sweeping = setInterval(() => this.sweep(), sweepEvery).unref();
  }

  async attach(
    conversation: ConversationId,
    role: Role,
    expected: number,
    receiver: Receiver,
    turn: number,
    attempt = 0
  ): Promise<Attached | null> {
    if (this.ended.has(this.nameOfEnded(conversation))) return null;
    const known = this.conversationOf(conversation, turn);
    if (turn < known.turn) return null;
    const both = turn > known.turn ? this.beginAnew(conversation, turn, 'counsellor-away') : known;
    const [own, other] = sidesOf(both, role);
    const before = own.receiver;
    if (before && attempt < own.attempt) return null;
    if (role === 'counsellor') both.isQueued = false;
    own.receiver = receiver;
    own.attempt = attempt;
    before?.moved();
    other.receivedBefore(expected);
    if (!before) other.receiver?.otherHere(true);
    const line = new EmbeddedLine(conversation, role, both, own, other, receiver, this.clock);
    return {
      line,
      stored: own.stored,
      delivered: own.delivered,
      otherHere: other.receiver !== null
    };
  }

  async restart(
    conversation: ConversationId,
    turn: number,
    why: Returned,
    unlessHere?: Role
  ): Promise<boolean> {
    if (this.ended.has(this.nameOfEnded(conversation))) return false;
    const known = this.conversations.get(conversation);
    if (turn <= (known?.turn ?? 0)) return false;
    if (unlessHere && known?.[unlessHere].receiver) return false;
    this.beginAnew(conversation, turn, why).isQueued = true;
    return true;
  }

  async turnOf(conversation: ConversationId): Promise<number> {
    return this.conversations.get(conversation)?.turn ?? 0;
  }

  async close(conversation: ConversationId): Promise<void> {
    if (await this.isClosed(conversation)) return;
    const both = this.conversations.get(conversation);
    this.conversations.delete(conversation);
    this.ended.set(this.nameOfEnded(conversation), {
      until: this.clock.now() + rememberedClosed,
      tookPlace: both?.tookPlace ?? false
    });
    for (const side of both ? [both.visitor, both.counsellor] : []) side.close();
    this.onOver(conversation);
  }

  async closeIfLeft(conversation: ConversationId): Promise<number> {
    const both = this.conversations.get(conversation);
    if (!both) return this.close(conversation).then(() => 0);
    const isHere = both.visitor.receiver !== null || both.counsellor.receiver !== null;
    if (isHere || both.isQueued) return this.forgottenAfter;
    const left = both.lastUse + this.forgottenAfter - this.clock.now();
    if (left <= 0) await this.close(conversation);
    return Math.max(0, left);
  }

  async markTookPlace(conversation: ConversationId): Promise<void> {
    const both = this.conversations.get(conversation);
    if (both) both.tookPlace = true;
  }

  async outcomeOf(conversation: ConversationId): Promise<'open' | 'took-place' | 'did-not'> {
    const ended = this.ended.get(this.nameOfEnded(conversation));
    const tookPlace = ended?.tookPlace ?? this.conversations.get(conversation)?.tookPlace ?? false;
    if (tookPlace) return 'took-place';
    return ended ? 'did-not' : 'open';
  }

  async isClosed(conversation: ConversationId): Promise<boolean> {
    return this.ended.has(this.nameOfEnded(conversation));
  }

  async isHere(conversation: ConversationId, role: Role): Promise<boolean> {
    return (this.conversations.get(conversation)?.[role].receiver ?? null) !== null;
  }

  async stop(): Promise<void> {
    clearInterval(this.sweeping);
    this.conversations.clear();
  }

  private conversationOf(conversation: ConversationId, turn: number): Conversation {
    return this.conversations.get(conversation) ?? this.begin(conversation, turn, false);
  }

  private beginAnew(conversation: ConversationId, turn: number, why: Returned): Conversation {
    const before = this.conversations.get(conversation);
    const begun = this.begin(conversation, turn, before?.tookPlace ?? false);
    for (const side of before ? [before.visitor, before.counsellor] : []) side.restart(why);
    return begun;
  }

  private begin(conversation: ConversationId, turn: number, tookPlace: boolean): Conversation {
    const begun = {
      visitor: new Side(),
      counsellor: new Side(),
      turn,
      lastUse: this.clock.now(),
      tookPlace,
      isQueued: false
    };
    this.conversations.set(conversation, begun);
    return begun;
  }

  private sweep(): void {
    const now = this.clock.now();
    for (const conversation of this.conversations.keys()) void this.closeIfLeft(conversation);
    for (const [name, { until }] of this.ended) if (until <= now) this.ended.delete(name);
  }
}

const sidesOf = (both: Conversation, role: Role): [own: Side, other: Side] =>
  role === 'visitor' ? [both.visitor, both.counsellor] : [both.counsellor, both.visitor];

class EmbeddedLine implements Line {
  readonly conversation: ConversationId;
  readonly role: Role;
  private readonly both: Conversation;
  private readonly own: Side;
  private readonly other: Side;
  private readonly receiver: Receiver;
  private readonly clock: Clock;

  constructor(
    conversation: ConversationId,
    role: Role,
    both: Conversation,
    own: Side,
    other: Side,
    receiver: Receiver,
    clock: Clock
  ) {
    this.conversation = conversation;
    this.role = role;
    this.both = both;
    this.own = own;
    this.other = other;
    this.receiver = receiver;
    this.clock = clock;
  }

  append(n: number, base: number, frame: Uint8Array): void {
    const outcome = this.own.append(n, base, frame, this.other.receiver !== null);
    if (outcome === 'stored') this.other.receiver?.message(frame);
    if (outcome === 'gap') this.receiver.gap(this.own.stored);
    else if (outcome !== 'full') this.receiver.status(this.own.stored, this.own.delivered);
  }

  received(n: number): void {
    if (this.other.receivedUpTo(n))
      this.other.receiver?.status(this.other.stored, this.other.delivered);
  }

  sync(expected: number): void {
    this.other.receivedBefore(expected);
    for (const frame of this.other.heldFrom(expected)) this.receiver.message(frame);
    this.receiver.status(this.own.stored, this.own.delivered);
  }

  detach(): void {
    this.both.lastUse = this.clock.now();
    if (this.own.receiver !== this.receiver) return;
    this.own.receiver = null;
    this.other.receiver?.otherHere(false);
  }
}
