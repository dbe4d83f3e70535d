import { createHmac, randomBytes } from 'node:crypto';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Clock } from '#server/clock.ts';

/**
 * Which conversations have been registered, as long as somebody may hold a right to one. Their names are
 * hashed under a key of this process: nothing can be looked up in it, and it dies with the process.
 */
export class Registered {
  private readonly key = randomBytes(32);
  private readonly until = new Map<string, number>();
  private readonly clock: Clock;
  private readonly life: number;

  /** @param life milliseconds a right to a conversation lives */
  constructor(clock: Clock, life: number) {
    this.clock = clock;
    this.life = life;
  }

  /** @returns false when it was claimed before */
  claim(conversation: ConversationId): boolean {
    const now = this.clock.now();
    for (const [name, until] of this.until) {
      if (until > now) break;
      this.until.delete(name);
    }
    const name = this.nameOf(conversation);
    if (this.until.has(name)) return false;
    this.until.set(name, now + this.life);
    return true;
  }

  /** It could not be written down after all. */
  release(conversation: ConversationId): void {
    this.until.delete(this.nameOf(conversation));
  }

  private nameOf(conversation: ConversationId): string {
    return createHmac('sha256', this.key).update(conversation).digest('base64url');
  }
}
