import { createHash } from 'node:crypto';
import { known } from '../../store-away.ts';
import type { Redis } from './connection.ts';

/** A Lua script by its hash; a Redis that has never seen it, or forgot it, gets the whole of it. */
export class Script {
  private readonly text: string;
  private readonly hash: string;

  constructor(text: string) {
    this.text = text;
    this.hash = createHash('sha1').update(text).digest('hex');
  }

  /** @throws StoreAway when it is not known whether it ran */
  run(redis: Redis, keys: string[], values: (string | Buffer)[]): Promise<unknown> {
    return known(this.ask(redis, { keys, arguments: values }));
  }

  private async ask(redis: Redis, options: { keys: string[]; arguments: (string | Buffer)[] }) {
    try {
      return await redis.evalSha(this.hash, options);
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('NOSCRIPT'))
        return redis.eval(this.text, options);
      throw error;
    }
  }
}
