import type { Attempts } from '../house.ts';
import type { HouseLink } from './house-link.ts';
import { redisNow, Script } from '../../redis/script.ts';

/** The same as in `lockout.ts`, by the clock of Redis: five free, then 1, 2, 4 … 900 seconds. */
const attempt = new Script(`
${redisNow}
local known = redis.call('HMGET', KEYS[1], 'failures', 'last')
local failures, last = tonumber(known[1] or 0), tonumber(known[2] or 0)
if failures > 5 then
  local left = last + math.min(2 ^ (failures - 6), 900) * 1000 - now
  if left > 0 then return math.ceil(left / 1000) end
end
redis.call('HSET', KEYS[1], 'failures', failures + 1, 'last', now)
redis.call('PEXPIRE', KEYS[1], 86400000)
return 0`);
const takeBack = new Script(`
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HINCRBY', KEYS[1], 'failures', -1) end
return 0`);
const succeeded = new Script(`return redis.call('DEL', KEYS[1])`);

/** Looking and counting are one step, so a hundred tries at once at three nodes are a hundred. */
export class RedisAttempts implements Attempts {
  private readonly link: HouseLink;

  constructor(link: HouseLink) {
    this.link = link;
  }

  async attempt(name: string): ReturnType<Attempts['attempt']> {
    const keys = [this.keyOf(name)];
    const seconds = Number(await this.link.run(attempt, keys, []));
    if (seconds > 0) return { seconds };
    return { takeBack: async () => void (await this.link.run(takeBack, keys, [])) };
  }

  async succeeded(name: string): Promise<void> {
    await this.link.run(succeeded, [this.keyOf(name)], []);
  }

  private keyOf(name: string): string {
    return `attempts:${this.link.name('attempts', name)}`;
  }
}
