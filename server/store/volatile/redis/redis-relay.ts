import { createHmac, randomBytes } from 'node:crypto';
import { Returned } from '#shared/queue/calls.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import {
  rememberedClosed,
  waitsForSomebody,
  type Attached,
  type Receiver,
  type RelayStore,
  type Role
} from '../relay.ts';
import { connect, type Redis } from '../../redis/connection.ts';
import type { Newcomers } from '../../redis/newcomers.ts';
import { newcomersTo } from './check-volatile.ts';
import { conversationTag } from './conversation-tag.ts';
import { JoinedSteps, type Step } from './joined-steps.ts';
import { listen } from './node-channel.ts';
import { RedisLine } from './redis-line.ts';
import { relayScript } from './relay-script.ts';
import { Script } from '../../redis/script.ts';

/** After Redis was away, every line asks what it missed, spread over this many milliseconds. */
const askAgainWithin = 300;

/**
 * Conversations of several nodes in one Redis that writes nothing to disk. A message costs one call, in
 * which it also reaches the node that has the other side, and its receipt another.
 */
export class RedisRelay implements RelayStore {
  onOver: (conversation: ConversationId) => void = () => {};
  private readonly steps: JoinedSteps;
  private readonly subscriber: Redis;
  private readonly commands: Redis;
  private readonly newcomers: Newcomers;
  private readonly secret: Uint8Array;
  private readonly lines = new Map<number, RedisLine>();
  private readonly forgottenAfter: number;
  private lastLine = 0;

  private constructor(
    commands: Redis,
    subscriber: Redis,
    node: string,
    secret: Uint8Array,
    forgottenAfter: number
  ) {
    this.forgottenAfter = forgottenAfter;
    this.commands = commands;
    this.newcomers = newcomersTo(commands);
    this.subscriber = subscriber;
    this.secret = secret;
    this.steps = new JoinedSteps({
      redis: commands,
      script: new Script(relayScript),
      before: [node, String(2 * forgottenAfter), String(rememberedClosed)],
      onTold: ([line, kind, first, second], step) =>
        this.tell(line, kind, first, second, step?.bytes)
    });
    subscriber.onReady(() => this.askAgain());
  }

  /**
   * @param secret the same on every node: under it conversations get their names in Redis
   * @param forgottenAfter milliseconds after which a conversation nobody is attached to may be closed; the
   *   house sees to that (`RedisUnsettled`), and Redis itself forgets it after twice as long
   * @throws when Redis cannot be reached
   */
  static async open(
    url: string,
    secret: Uint8Array,
    forgottenAfter = waitsForSomebody
  ): Promise<RedisRelay> {
    const [commands, subscriber] = await Promise.all([connect(url), connect(url)]);
    const node = randomBytes(9).toString('base64url');
    const relay = new RedisRelay(commands, subscriber, node, secret, forgottenAfter);
    await listen(subscriber, node, (...told) => relay.tell(...told));
    return relay;
  }

  /** Whether Redis does not answer at the moment. */
  get isAway(): boolean {
    return !this.commands.isReady || !this.subscriber.isReady;
  }

  async attach(
    conversation: ConversationId,
    role: Role,
    expected: number,
    receiver: Receiver,
    turn: number,
    attempt = 0
  ): Promise<Attached | null> {
    this.lastLine += 1;
    const key = this.keyOf(conversation);
    const line = new RedisLine(this.lastLine, conversation, role, turn, key, receiver, this.steps);
    // Before the answer: the other side may write in the same moment.
    this.lines.set(line.number, line);
    line.onDetached = () => this.lines.delete(line.number);
    try {
      const [stored, delivered, otherHere] = await this.steps.take(
        line.step('attach', expected, attempt)
      );
      if (stored === -1) {
        this.lines.delete(line.number);
        return null;
      }
      const found = {
        stored: Number(stored),
        delivered: Number(delivered),
        otherHere: otherHere === 1
      };
      line.attached(found.stored, found.delivered, found.otherHere);
      return { line, ...found };
    } catch (error) {
      this.lines.delete(line.number);
      throw error;
    }
  }

  async restart(
    conversation: ConversationId,
    turn: number,
    why: Returned,
    unlessHere?: Role
  ): Promise<boolean> {
    const [begun] = await this.steps.take({
      ...this.stepOf(conversation, 'restart'),
      turn,
      first: Returned.options.indexOf(why),
      second: unlessHere ? roles.indexOf(unlessHere) + 1 : 0
    });
    return begun === 1;
  }

  async turnOf(conversation: ConversationId): Promise<number> {
    return (await this.look(conversation)).turn;
  }

  async close(conversation: ConversationId): Promise<void> {
    const [closed] = await this.steps.take(this.stepOf(conversation, 'close'));
    if (closed === 1) this.onOver(conversation);
  }

  async closeIfLeft(conversation: ConversationId): Promise<number> {
    const [left, closed] = await this.steps.take({
      ...this.stepOf(conversation, 'closeIfLeft'),
      first: this.forgottenAfter
    });
    if (closed === 1) this.onOver(conversation);
    return Number(left);
  }

  async markTookPlace(conversation: ConversationId): Promise<void> {
    await this.steps.take(this.stepOf(conversation, 'tookPlace'));
  }

  async outcomeOf(conversation: ConversationId): Promise<'open' | 'took-place' | 'did-not'> {
    const { isOver, tookPlace } = await this.look(conversation);
    if (tookPlace) return 'took-place';
    return isOver ? 'did-not' : 'open';
  }

  async isClosed(conversation: ConversationId): Promise<boolean> {
    return (await this.look(conversation)).isOver;
  }

  async isHere(conversation: ConversationId, role: Role): Promise<boolean> {
    return (await this.look(conversation))[role];
  }

  /** How many of its servers came later than this node and are set up wrongly. */
  get wrongServers(): number {
    return this.newcomers.wrongOnes;
  }

  async stop(): Promise<void> {
    this.newcomers.stop();
    for (const line of this.lines.values()) line.detach();
    await new Promise((sent) => setImmediate(sent));
    await Promise.allSettled([this.subscriber.close(), this.commands.close()]);
  }

  private async look(conversation: ConversationId) {
    const [isOver, tookPlace, visitor, counsellor, turn] = await this.steps.take(
      this.stepOf(conversation, 'look')
    );
    return {
      isOver: isOver === 1,
      tookPlace: tookPlace === 1,
      visitor: visitor === 1,
      counsellor: counsellor === 1,
      turn: Number(turn)
    };
  }

  private tell(
    number: number,
    kind: number,
    first: number,
    second: number,
    frame: Uint8Array | undefined
  ): void {
    this.lines.get(number)?.hear(kind, first, second, frame);
  }

  /** What the channel lost while it was down comes with a sync of every line. */
  private askAgain(): void {
    for (const line of this.lines.values())
      setTimeout(() => line.askAgain(), Math.random() * askAgainWithin).unref();
  }

  private stepOf(conversation: ConversationId, name: string): Step {
    return { name, key: this.keyOf(conversation), side: 'v', line: 0 };
  }

  /** Redis never learns what a conversation is called: a hash stands for it. */
  private keyOf(conversation: ConversationId): string {
    const name = createHmac('sha256', this.secret)
      .update('frirum relay')
      .update(conversation)
      .digest();
    const tag = conversationTag(this.commands, name);
    return `conversation:${tag}:${name.toString('base64url').slice(0, 22)}`;
  }
}

/** As the script numbers them, from 1. */
const roles: readonly Role[] = ['visitor', 'counsellor'];
