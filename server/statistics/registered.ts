import type { ConversationId } from '#shared/wire/ids.ts';
import type { Once } from '#server/store/volatile/house.ts';

/** Which conversations have been registered, as long as somebody may hold a right to one. */
export class Registered {
  private readonly once: Once;
  private readonly life: number;

  /** @param life milliseconds a right to a conversation lives */
  constructor(once: Once, life: number) {
    this.once = once;
    this.life = life;
  }

  /** @returns false when it was claimed before */
  claim(conversation: ConversationId): Promise<boolean> {
    return this.once.claim(`registered ${conversation}`, this.life);
  }

  /** It could not be written down after all. */
  release(conversation: ConversationId): Promise<void> {
    return this.once.release(`registered ${conversation}`);
  }
}
