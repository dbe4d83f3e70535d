import { createHash } from 'node:crypto';
import { known } from '../store-away.ts';
import type { Redis } from './connection.ts';

/** In a script: `now` is what time it is, in milliseconds. One clock decides, and it is not a node's. */
export const redisNow = `local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)`;

/** A Lua script by its hash; a Redis that has never seen it, or forgot it, gets the whole of it. */
export class Script {
  private readonly text: string;
  private readonly hash: string;

  constructor(text: string) {
    this.text = text;
    this.hash = createHash('sha1').update(text).digest('hex');
  }

  /** All keys have one hash tag. @throws StoreAway when it is not known whether it ran */
  run(redis: Redis, keys: readonly string[], values: readonly (string | Buffer)[]) {
    return known(this.ask((key, command) => redis.send(key, command), keys, values));
  }

  /** As `run`, and what it wrote stays when another server takes over. */
  runForGood(redis: Redis, keys: readonly string[], values: readonly (string | Buffer)[]) {
    return known(this.ask((key, command) => redis.sendAndConfirm(key, command), keys, values));
  }

  private async ask(
    send: Redis['send'],
    keys: readonly string[],
    values: readonly (string | Buffer)[]
  ): Promise<unknown> {
    const [key = ''] = keys;
    const more = [String(keys.length), ...keys, ...values];
    try {
      return await send(key, ['EVALSHA', this.hash, ...more]);
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('NOSCRIPT'))
        return send(key, ['EVAL', this.text, ...more]);
      throw error;
    }
  }
}
