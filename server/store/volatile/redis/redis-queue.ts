import { randomBytes } from 'node:crypto';
import type { Stage } from '#shared/klippekort/stage.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { QueueStore, Taker, Waiting } from '../queue-store.ts';
import type { HouseLink } from './house-link.ts';
import { queueScript } from './queue-script.ts';
import { Script } from '../../redis/script.ts';
import { SealedRows, type Row } from './sealed-rows.ts';

/** Milliseconds; the same as on one node. */
const placeKept = 15 * 60_000;
const lookEvery = 1_000;
const script = new Script(queueScript);
const keys = ['line', 'leases', 'opened', 'born', 'pokes', 'seat:'];

type Fate = 'here' | 'taken' | 'moved' | 'missing';
type Looked = [
  birth: Buffer,
  mine: Buffer[],
  rows: Row[],
  forgotten: [Buffer, Buffer][],
  opened: Buffer[]
];

/** One whose socket is at this node; `isPut` once Redis has said so. */
interface Mine {
  readonly waiting: Waiting;
  isPut: boolean;
}

/**
 * The queue of several nodes. Who is next is decided in Redis, in one step; what everybody is told of the
 * queue is read from this node's memory, which is refreshed by pokes and every second. The sockets of
 * those who wait are at one node each: when its lease is over they count as gone, and when Redis comes
 * back empty each node puts its own ones there again.
 */
export class RedisQueue implements QueueStore {
  onForgotten: (conversation: ConversationId) => void = () => {};
  onTakenElsewhere: (conversation: ConversationId, why: 'taken' | 'moved') => void = () => {};
  onChanged: () => void = () => {};
  onEmptied: () => void = () => {};
  private readonly link: HouseLink;
  private readonly rows: SealedRows;
  private readonly kept: number;
  private readonly mine = new Map<ConversationId, Mine>();
  private waiting: readonly Waiting[] = [];
  private opened: readonly number[] = [];
  private birth = '';
  private looking: Promise<void> | null = null;
  private again: Promise<void> | null = null;
  private readonly ticking: NodeJS.Timeout;

  /** @param kept milliseconds for which a place is kept for somebody whose line is down */
  constructor(link: HouseLink, kept = placeKept) {
    this.link = link;
    this.kept = kept;
    this.rows = new SealedRows(link);
    const look = () => void this.look().catch(() => {});
    link.onPoke(
      'queue',
      () =>
        void this.look().then(
          () => this.onChanged(),
          () => {}
        )
    );
    this.ticking = setInterval(look, lookEvery).unref();
    look();
  }

  async put(waiting: Waiting): Promise<boolean> {
    const { conversation, goneAt } = waiting;
    const mine = { waiting, isPut: false };
    // Before Redis knows: what is there and not here counts as gone.
    if (goneAt === null) this.mine.set(conversation, mine);
    try {
      const isIn = await this.place(waiting, '0');
      if (isIn) mine.isPut = true;
      else this.drop(conversation, mine);
      await this.look();
      return isIn;
    } catch (error) {
      this.drop(conversation, mine);
      throw error;
    }
  }

  async putBack(waiting: Waiting): Promise<boolean> {
    return this.place(waiting, '1');
  }

  async lost(conversation: ConversationId): Promise<void> {
    this.mine.delete(conversation);
    await this.change('lost', this.nameOf(conversation));
  }

  async markStage(conversation: ConversationId, stage: Stage): Promise<boolean> {
    const sealed = this.link.seal(stage, 'stage');
    return (await this.change('stage', this.nameOf(conversation), sealed)) === 1;
  }

  async remove(conversation: ConversationId): Promise<boolean> {
    this.mine.delete(conversation);
    return (await this.change('remove', this.nameOf(conversation))) === 1;
  }

  async takeNext({ account, onShift }: Taker): Promise<Waiting | null> {
    const names = [account, ...onShift].map((one) => this.link.name('account', one));
    const row = (await this.change('take', ...names)) as Row | [];
    const taken = row.length === 0 ? null : this.rows.open(row);
    if (taken) this.mine.delete(taken.conversation);
    return taken;
  }

  async markTaken(conversation: ConversationId, turn: number, unless = turn): Promise<void> {
    this.mine.delete(conversation);
    await this.change('taken', this.nameOf(conversation), String(turn), String(unless));
  }

  async isTaken(conversation: ConversationId): Promise<boolean> {
    return (await this.step('isTaken', this.nameOf(conversation))) === 1;
  }

  async over(conversation: ConversationId): Promise<void> {
    this.mine.delete(conversation);
    await this.change('over', this.nameOf(conversation));
  }

  async find(conversation: ConversationId): Promise<Waiting | null> {
    const name = this.nameOf(conversation);
    const found = (await this.step('find', name)) as Buffer[];
    return found.length === 0 ? null : this.rows.open([Buffer.from(name), ...found] as Row);
  }

  async list(): Promise<readonly Waiting[]> {
    return this.waiting;
  }

  async openings(): Promise<readonly number[]> {
    return this.opened;
  }

  stop(): void {
    clearInterval(this.ticking);
  }

  /** Reads the queue; whoever asks while it is read gets a reading that began later. */
  private look(): Promise<void> {
    if (!this.looking) return (this.looking = this.read().finally(() => (this.looking = null)));
    this.again ??= this.looking
      .catch(() => {})
      .then(() => {
        this.again = null;
        return this.look();
      });
    return this.again;
  }

  private async read(): Promise<void> {
    const asked = [...this.mine];
    const names = asked.map(([conversation]) => this.nameOf(conversation));
    const birth = randomBytes(9).toString('base64url');
    const answer = await this.step('look', birth, String(this.kept), ...names);
    const [born, fates, rows, forgotten, opened] = answer as Looked;
    const before = this.birth;
    this.birth = born.toString();
    this.waiting = this.rows.openAll(rows);
    this.opened = opened.map((at) => Number(at.toString()));
    for (const [, sealed] of forgotten) this.onForgotten(this.rows.conversationOf(sealed));
    const isEmptied = before !== '' && before !== this.birth;
    if (isEmptied) this.onEmptied();
    for (const [index, [conversation, mine]] of asked.entries()) {
      const fate = fates[index]?.toString() as Fate;
      if (fate === 'here' || !mine.isPut || this.mine.get(conversation) !== mine) continue;
      if (isEmptied && fate === 'missing') void this.place(mine.waiting, '0').catch(() => {});
      else {
        this.mine.delete(conversation);
        this.onTakenElsewhere(conversation, fate === 'moved' ? 'moved' : 'taken');
      }
    }
  }

  private async place(waiting: Waiting, onlyLater: '0' | '1'): Promise<boolean> {
    const { conversation, turn, since, goneAt, stage, booked } = waiting;
    const { link } = this;
    const bookedNow = booked
      ? [link.name('account', booked.with), link.seal(booked, 'booked')]
      : ['', ''];
    const put = await this.change(
      'put',
      this.nameOf(conversation),
      ...[String(turn), String(since), goneAt === null ? '0' : '1'],
      this.rows.seal(waiting),
      stage === null ? '' : link.seal(stage, 'stage'),
      ...bookedNow,
      onlyLater
    );
    return put === 1;
  }

  private drop(conversation: ConversationId, mine: Mine): void {
    if (this.mine.get(conversation) === mine) this.mine.delete(conversation);
  }

  /** What this node changed, it reads as the others do. */
  private async change(name: string, ...values: (string | Buffer)[]): Promise<unknown> {
    const answer = await this.step(name, ...values);
    void this.look().catch(() => {});
    return answer;
  }

  private step(name: string, ...values: (string | Buffer)[]): Promise<unknown> {
    return this.link.run(script, keys, [name, this.link.node, ...values]);
  }

  private nameOf(conversation: ConversationId): string {
    return this.link.name('seat', conversation);
  }
}
