import { CannotStart } from '#server/store/durable/cannot-start.ts';
import type { Client } from './client.ts';
import type { Redis } from './connection.ts';
import type { Look } from './wrong-settings.ts';

/** Milliseconds between two looks. */
const lookEvery = 5_000;

/**
 * A node does not start beside a server that is set up wrongly. One that comes later, or comes back, may
 * take over as well: it is looked at then, and what is wrong with it is said. Nobody is turned away for it.
 */
export class Newcomers {
  private readonly redis: Redis;
  private readonly variable: string;
  private readonly look: Look;
  private readonly good = new Set<string>();
  private readonly wrong = new Map<string, string>();
  private readonly looking: NodeJS.Timeout | null;
  private isLooking = false;

  constructor(redis: Redis, variable: string, look: Look) {
    this.redis = redis;
    this.variable = variable;
    this.look = look;
    this.looking = redis.isCopied
      ? setInterval(() => void this.lookAtAll(), lookEvery).unref()
      : null;
  }

  /** Servers that are there and set up wrongly. */
  get wrongOnes(): number {
    return this.wrong.size;
  }

  stop(): void {
    if (this.looking) clearInterval(this.looking);
  }

  private async lookAtAll(): Promise<void> {
    if (this.isLooking) return;
    this.isLooking = true;
    const there = new Set<string>();
    try {
      await this.redis.everywhere(
        (server, at) => this.lookAt(server, at),
        (at) => {
          there.add(at);
          return !this.good.has(at);
        }
      );
    } catch {
      // Who cannot be reached yet is looked at later.
    } finally {
      this.isLooking = false;
    }
    // Nobody is there when nobody says who is.
    if (there.size === 0) return;
    for (const names of [this.good, this.wrong])
      for (const at of names.keys()) if (!there.has(at)) names.delete(at);
  }

  private async lookAt(server: Client, at: string): Promise<void> {
    const sentences = await this.look(server, `${this.variable} at ${at}`).catch(notSaid);
    if (sentences.length === 0) {
      this.good.add(at);
      this.wrong.delete(at);
      return;
    }
    const text = sentences.map((line) => `Something is set up wrongly: ${line}`).join('\n');
    if (this.wrong.get(at) !== text) console.error(text);
    this.wrong.set(at, text);
  }
}

/** A server that does not say how it is set up may be set up in any way. */
function notSaid(error: unknown): string[] {
  if (!(error instanceof CannotStart)) throw error;
  return [error.message.replace('Frirum cannot start: ', '')];
}
