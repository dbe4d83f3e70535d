import { randomUUID } from 'node:crypto';
import { offerAnswered, offerLasts, offerOver, type Purpose } from '#shared/roster/calls.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Account } from '#server/counsellor/account.ts';
import type { Shifts } from '#server/shift/shifts.ts';
import type { Board, Neighbours, Once, Post } from '#server/store/volatile/house.ts';

type Colleague = Pick<Account, 'id' | 'shownName'>;

export interface Offer {
  readonly id: string;
  readonly conversation: ConversationId;
  readonly visitor: Visitor;
  readonly from: Colleague;
  readonly to: Colleague;
  readonly purpose: Purpose;
}

interface Needs {
  readonly shifts: Shifts;
  readonly once: Once;
  readonly neighbours: Neighbours;
}

/**
 * What one counsellor has asked another, for as long as an answer may come; in memory alone. An offer is
 * of the node where it was made, and answered at any; that it ends is claimed, so it ends in one way.
 */
export class Offers {
  private readonly open = new Map<string, { offer: Offer; ends: NodeJS.Timeout }>();
  private readonly shifts: Shifts;
  private readonly once: Once;
  private readonly board: Board<readonly Offer[]>;
  private readonly ended: Post<string>;

  constructor({ shifts, once, neighbours }: Needs) {
    this.shifts = shifts;
    this.once = once;
    this.board = neighbours.board('offers', () => {});
    this.ended = neighbours.post('offers', (id) => this.forget(id));
  }

  isOffered(conversation: ConversationId): boolean {
    return this.all().some((offer) => offer.conversation === conversation);
  }

  make(made: Omit<Offer, 'id'>): Offer {
    const offer = { ...made, id: randomUUID() };
    const ends = setTimeout(() => this.refuseSoon(offer), offerLasts).unref();
    this.open.set(offer.id, { offer, ends });
    this.say();
    return offer;
  }

  /** An offer as one of the two may use it; to everybody else it is as if there were none. */
  find(id: string, whose: 'from' | 'to', account: Account | null): Offer | null {
    const offer = this.all().find((one) => one.id === id);
    return offer && offer[whose].id === account?.id ? offer : null;
  }

  /**
   * Nobody is asked any more, at any desk.
   * @returns false when it has ended already
   */
  async remove({ id, to }: Offer): Promise<boolean> {
    if (!(await this.once.claim(`offer ${id}`, 2 * offerLasts))) return false;
    this.forget(id);
    this.ended.tell(id);
    this.shifts.tell(to, offerOver, { id });
    return true;
  }

  /** No, or no answer. */
  async refuse(offer: Offer): Promise<boolean> {
    const isRefused = await this.remove(offer);
    if (isRefused) this.shifts.tell(offer.from, offerAnswered, { id: offer.id, pair: null });
    return isRefused;
  }

  /** A conversation that is over is not handed on. */
  over(conversation: ConversationId): void {
    for (const { offer } of this.open.values())
      if (offer.conversation === conversation) this.refuseSoon(offer);
  }

  stop(): void {
    for (const { ends } of this.open.values()) clearTimeout(ends);
    this.open.clear();
  }

  /** A store that does not answer leaves the desks to find out by asking. */
  private refuseSoon(offer: Offer): void {
    void this.refuse(offer).catch(() => this.forget(offer.id));
  }

  private all(): Offer[] {
    return [...[...this.open.values()].map(({ offer }) => offer), ...this.board.others().flat()];
  }

  private forget(id: string): void {
    clearTimeout(this.open.get(id)?.ends);
    if (this.open.delete(id)) this.say();
  }

  private say(): void {
    this.board.say([...this.open.values()].map(({ offer }) => offer));
  }
}
