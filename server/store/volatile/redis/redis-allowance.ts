import { StoreAway } from '../../store-away.ts';
import type { Allowance, AllowanceRule, Starts } from '../house.ts';
import { rememberedClosed } from '../relay.ts';
import type { HouseLink } from './house-link.ts';
import { redisNow, Script } from '../../redis/script.ts';

/**
 * KEYS: what is left, and since when. ARGV: how many are wanted (negative: given back), how many there
 * may be, how many come back in a second, milliseconds after which it is forgotten.
 */
const take = new Script(`
${redisNow}
local many, most, perSecond = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local known = redis.call('HMGET', KEYS[1], 'left', 'at')
local passed = math.max(0, now - tonumber(known[2] or now))
local left = math.min(most, tonumber(known[1] or most) + passed / 1000 * perSecond)
if left < many then return 0 end
redis.call('HSET', KEYS[1], 'left', string.format('%.6f', math.min(most, left - many)), 'at', now)
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1`);

/** Looked at and counted in one step by the clock of Redis: with ten nodes nobody has ten times as much. */
export class RedisAllowance implements Allowance {
  private readonly link: HouseLink;
  private readonly matter: string;
  private readonly rule: AllowanceRule;

  constructor(link: HouseLink, matter: string, rule: AllowanceRule) {
    this.link = link;
    this.matter = matter;
    this.rule = rule;
  }

  take(of: string, many = 1): Promise<boolean> {
    return this.change(of, many);
  }

  async giveBack(of: string): Promise<void> {
    await this.change(of, -1);
  }

  private async change(of: string, many: number): Promise<boolean> {
    const { link, matter, rule } = this;
    const { atOnce, perSecond } = rule;
    const key = `allowance:${link.name('allowance', `${matter} ${of}`)}`;
    const kept = perSecond > 0 ? Math.ceil((atOnce / perSecond) * 1000) : rememberedClosed;
    const values = [many, atOnce, perSecond, kept].map(String);
    return (await link.run(take, [key], values)) === 1;
  }
}

/**
 * KEYS: starts by ten seconds (hash). A number for each of them, and a minute later none: what is counted
 * has no name at all.
 */
const start = new Script(`
local slot = math.floor(redis.call('TIME')[1] / 10)
redis.call('HINCRBY', KEYS[1], slot, 1)
redis.call('PEXPIRE', KEYS[1], 60000)
local many, all = 0, redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  if tonumber(all[i]) > slot - 6 then
    many = many + all[i + 1]
  else
    redis.call('HDEL', KEYS[1], all[i])
  end
end
return many`);

/** Of all nodes together; while Redis is away each node goes by its own. */
export class RedisStarts implements Starts {
  private readonly link: HouseLink;
  private readonly own: Starts;

  constructor(link: HouseLink, own: Starts) {
    this.link = link;
    this.own = own;
  }

  async count(): Promise<number> {
    const own = await this.own.count();
    try {
      return Math.max(own, Number(await this.link.run(start, ['starts'], [])));
    } catch (error) {
      if (error instanceof StoreAway) return own;
      throw error;
    }
  }
}
