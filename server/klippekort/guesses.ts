import type { Allowance, HouseStore } from '#server/store/volatile/house.ts';

/** Wrong tags one conversation may show. A conversation costs a proof of work; a right tag is one of 2^40. */
const inConversation = { atOnce: 5, perSecond: 0 };
/** Wrong tags that may come from outside a conversation, of everybody together. */
const outside = { atOnce: 30, perSecond: 1 };

/** Counts tries with a tag in the whole house, so that nobody guesses one; for a few hours, and in no file. */
export class Guesses {
  private readonly inside: Allowance;
  private readonly outside: Allowance;

  constructor(allowance: HouseStore['allowance']) {
    this.inside = allowance('guesses', inConversation);
    this.outside = allowance('guesses-outside', outside);
  }

  /** Counts a try before its tag is looked at, so that many at once are no way around. */
  mayTry(conversation: string | null): Promise<boolean> {
    return conversation === null ? this.outside.take('') : this.inside.take(conversation);
  }

  /** The tag was right, so it was no guess. */
  wasRight(conversation: string | null): Promise<void> {
    return conversation === null ? this.outside.giveBack('') : this.inside.giveBack(conversation);
  }
}
