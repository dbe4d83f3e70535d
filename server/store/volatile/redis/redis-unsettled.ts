import type { ConversationId } from '#shared/wire/ids.ts';
import type { Unsettled } from '../house.ts';
import type { HouseLink } from './house-link.ts';
import { redisNow, Script } from '../../redis/script.ts';

/** Conversations of one call. */
const most = 100;
/** Milliseconds for which a node that was asked may take to settle at most; then another is asked. */
const longestPatience = 30_000;

/**
 * KEYS: until when each is left alone (sorted set, milliseconds by the clock of Redis), what each is
 * called (hash, sealed).
 * ARGV: step; then milliseconds, and names with what belongs to them.
 */
const script = new Script(`
local due, sealed = KEYS[1], KEYS[2]
${redisNow}
local step, after = ARGV[1], tonumber(ARGV[2])
if step == 'add' then
  for i = 3, #ARGV, 2 do
    if redis.call('ZADD', due, 'NX', now + after, ARGV[i]) == 1 then
      redis.call('HSET', sealed, ARGV[i], ARGV[i + 1])
    end
  end
  -- Longer than a right to a conversation lasts.
  redis.call('PEXPIRE', due, 86400000)
  redis.call('PEXPIRE', sealed, 86400000)
elseif step == 'later' then
  redis.call('ZADD', due, 'XX', now + after, ARGV[3])
elseif step == 'settled' then
  redis.call('ZREM', due, ARGV[3])
  redis.call('HDEL', sealed, ARGV[3])
elseif step == 'claim' then
  local rows = {}
  for _, name in ipairs(redis.call('ZRANGEBYSCORE', due, '-inf', now, 'LIMIT', 0, ARGV[3])) do
    local row = redis.call('HGET', sealed, name)
    if row then
      -- Whoever dies with it leaves it to the next.
      redis.call('ZADD', due, now + after, name)
      rows[#rows + 1] = row
    else
      redis.call('ZREM', due, name)
    end
  end
  return rows
end
return {}`);
const keys = ['unsettled', 'unsettled-names'];

/** Every node looks at the same list, and what is due is given to one of them for a while. */
export class RedisUnsettled implements Unsettled {
  onDue: (conversation: ConversationId) => Promise<number> = async () => 1_000;
  private readonly link: HouseLink;
  private readonly forgottenAfter: number;
  private readonly patience: number;
  /** With how many sockets somebody is there: a Redis that comes back empty is told of them again. */
  private readonly held = new Map<ConversationId, number>();
  /**
   * Everybody has gone, and nobody has said that it is over: until when (`performance.now()`) a Redis that
   * comes back empty is told of it as well.
   */
  private readonly left = new Map<ConversationId, number>();
  /** What Redis is still to be told of. */
  private readonly added = new Set<ConversationId>();
  private isPlanned = false;
  private readonly ticking: NodeJS.Timeout;
  private isLooking = false;

  /** @param forgottenAfter milliseconds for which a conversation waits for somebody to come back */
  constructor(link: HouseLink, forgottenAfter: number) {
    this.link = link;
    this.forgottenAfter = forgottenAfter;
    this.patience = Math.min(longestPatience, forgottenAfter);
    const looksEvery = Math.min(10_000, forgottenAfter / 3);
    this.ticking = setInterval(() => void this.look(), looksEvery).unref();
    link.onReady(() => void this.sayAgain());
  }

  add(conversation: ConversationId): void {
    this.added.add(conversation);
    if (this.isPlanned) return;
    this.isPlanned = true;
    setImmediate(() => {
      this.isPlanned = false;
      void this.say();
    });
  }

  hold(conversation: ConversationId): () => void {
    this.held.set(conversation, (this.held.get(conversation) ?? 0) + 1);
    this.left.delete(conversation);
    this.add(conversation);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      const many = this.held.get(conversation) ?? 0;
      if (many > 1) this.held.set(conversation, many - 1);
      else if (this.held.delete(conversation))
        this.left.set(conversation, performance.now() + 2 * this.forgottenAfter);
    };
  }

  over(conversation: ConversationId): void {
    this.held.delete(conversation);
    this.left.delete(conversation);
    this.added.delete(conversation);
  }

  async settled(conversation: ConversationId): Promise<void> {
    this.over(conversation);
    await this.run('settled', 0, this.nameOf(conversation));
  }

  stop(): void {
    clearInterval(this.ticking);
  }

  /** Never rejects: with Redis away it is said at the next look. */
  private async say(): Promise<void> {
    const added = [...this.added];
    this.added.clear();
    for (let from = 0; from < added.length; from += most) {
      const some = added.slice(from, from + most);
      const pairs = some.flatMap((one) => [this.nameOf(one), this.link.seal(one, 'unsettled')]);
      try {
        await this.run('add', this.forgottenAfter, ...pairs);
      } catch {
        for (const one of some) this.added.add(one);
      }
    }
  }

  private sayAgain(): Promise<void> {
    for (const one of [...this.held.keys(), ...this.left.keys()]) this.added.add(one);
    return this.say();
  }

  private async look(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    const now = performance.now();
    for (const [one, until] of this.left) if (until < now) this.left.delete(one);
    await this.say();
    try {
      const rows = (await this.run('claim', this.patience, String(most))) as Buffer[];
      for (const row of rows) {
        const conversation = this.link.unseal(row, 'unsettled') as ConversationId;
        await this.ask(conversation).catch(() => {});
      }
    } catch {
      // Redis is away: what is due stays so.
    } finally {
      this.isLooking = false;
    }
  }

  private async ask(conversation: ConversationId): Promise<void> {
    const tooSoonFor = await this.onDue(conversation);
    if (tooSoonFor === 0) await this.settled(conversation);
    else await this.run('later', Math.ceil(tooSoonFor), this.nameOf(conversation));
  }

  private run(step: string, after: number, ...values: (string | Buffer)[]): Promise<unknown> {
    return this.link.run(script, keys, [step, String(after), ...values]);
  }

  private nameOf(conversation: ConversationId): string {
    return this.link.name('unsettled', conversation);
  }
}
