import { randomUUID } from 'node:crypto';
import { offerAnswered, offerLasts, offerOver, type Purpose } from '#shared/roster/calls.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Account } from '#server/counsellor/account.ts';
import type { Shifts } from '#server/shift/shifts.ts';

export interface Offer {
  readonly id: string;
  readonly conversation: ConversationId;
  readonly visitor: Visitor;
  readonly from: Account;
  readonly to: Account;
  readonly purpose: Purpose;
}

/** What one counsellor has asked another, for as long as an answer may come; in memory alone. */
export class Offers {
  private readonly open = new Map<string, { offer: Offer; ends: NodeJS.Timeout }>();
  private readonly shifts: Shifts;

  constructor(shifts: Shifts) {
    this.shifts = shifts;
  }

  isOffered(conversation: ConversationId): boolean {
    return [...this.open.values()].some(({ offer }) => offer.conversation === conversation);
  }

  make(made: Omit<Offer, 'id'>): Offer {
    const offer = { ...made, id: randomUUID() };
    const ends = setTimeout(() => this.refuse(offer), offerLasts).unref();
    this.open.set(offer.id, { offer, ends });
    return offer;
  }

  /** An offer as one of the two may use it; to everybody else it is as if there were none. */
  find(id: string, whose: 'from' | 'to', account: Account | null): Offer | null {
    const offer = this.open.get(id)?.offer;
    return offer && offer[whose].id === account?.id ? offer : null;
  }

  /** Nobody is asked any more, at any desk. */
  remove({ id, to }: Offer): void {
    clearTimeout(this.open.get(id)?.ends);
    this.open.delete(id);
    this.shifts.tell(to, offerOver, { id });
  }

  /** No, or no answer. */
  refuse(offer: Offer): void {
    this.remove(offer);
    this.shifts.tell(offer.from, offerAnswered, { id: offer.id, pair: null });
  }

  /** A conversation that is over is not handed on. */
  over(conversation: ConversationId): void {
    for (const { offer } of this.open.values())
      if (offer.conversation === conversation) this.refuse(offer);
  }

  stop(): void {
    for (const { ends } of this.open.values()) clearTimeout(ends);
    this.open.clear();
  }
}
