import type { Once } from '../house.ts';
import type { HouseLink } from './house-link.ts';
import { Script } from '../../redis/script.ts';

const claim = new Script(`
if redis.call('SET', KEYS[1], 1, 'NX', 'PX', ARGV[1]) then return 1 end
return 0`);
const release = new Script(`return redis.call('DEL', KEYS[1])`);

/**
 * One key for each claim, set by one command: used proofs of work, used passkey challenges, answered
 * offers, registered conversations. A Redis that comes back empty has forgotten them, and what they
 * guard may then happen once more; nothing durable hangs on it.
 */
export class RedisOnce implements Once {
  private readonly link: HouseLink;

  constructor(link: HouseLink) {
    this.link = link;
  }

  async claim(what: string, lasts: number): Promise<boolean> {
    return (await this.link.run(claim, [this.keyOf(what)], [String(Math.ceil(lasts))])) === 1;
  }

  async release(what: string): Promise<void> {
    await this.link.run(release, [this.keyOf(what)], []);
  }

  private keyOf(what: string): string {
    return `once:${this.link.name('once', what)}`;
  }
}
