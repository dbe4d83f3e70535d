import type { ConversationId } from '#shared/wire/ids.ts';
import type { Board, Neighbours } from '#server/store/volatile/house.ts';

/** One side of the desk in a conversation: whose it is, and with how many sockets they are there. */
interface Chair {
  readonly conversation: ConversationId;
  readonly account: string;
  readonly sockets: number;
  /** Asked in by the counsellor. */
  readonly isColleague: boolean;
}

/** Who of the staff sits in which conversation: at this node, and as the other nodes say. */
export class Chairs {
  readonly hasNeighbours: boolean;
  private readonly own = new Map<ConversationId, Chair>();
  private readonly beside = new Map<ConversationId, Chair>();
  private readonly board: Board<readonly Chair[]>;

  /** @param onChanged hears that somebody sat down or rose at another node, or that the node is gone */
  constructor(neighbours: Neighbours, onChanged: () => void) {
    this.hasNeighbours = !neighbours.isAlone;
    this.board = neighbours.board('chairs', onChanged);
  }

  /** @returns what to do when this socket goes */
  sit(conversation: ConversationId, account: string): () => void {
    this.move(this.own, { conversation, account, isColleague: false }, 1);
    return () => this.move(this.own, { conversation, account, isColleague: false }, -1);
  }

  /**
   * @param onSat hears that they are there from now on (1), or are not any more (-1)
   * @returns what to do when this socket goes
   */
  sitBeside(
    conversation: ConversationId,
    account: string,
    onSat: (step: 1 | -1) => void
  ): () => void {
    const here = (step: 1 | -1) => {
      const sockets = this.move(this.beside, { conversation, account, isColleague: true }, step);
      if (sockets === (step === 1 ? 1 : 0)) onSat(step);
    };
    here(1);
    return () => here(-1);
  }

  isHere(conversation: ConversationId): boolean {
    return (this.own.get(conversation)?.sockets ?? 0) > 0;
  }

  /** The account of the counsellor who is there at another node. */
  elsewhere(conversation: ConversationId): string | null {
    return this.found(this.board.others().flat(), conversation, false)?.account ?? null;
  }

  /** The account of the counsellor, as far as one is there. */
  holderOf(conversation: ConversationId): string | null {
    return this.own.get(conversation)?.account ?? this.elsewhere(conversation);
  }

  /** Who was asked in, and whether they are there now. */
  colleagueOf(conversation: ConversationId): { account: string; isHere: boolean } | null {
    const here = this.beside.get(conversation);
    const there = this.found(this.board.others().flat(), conversation, true);
    const one = here && here.sockets > 0 ? here : (there ?? here);
    return one ? { account: one.account, isHere: one.sockets > 0 } : null;
  }

  over(conversation: ConversationId): void {
    const isKnown = this.own.delete(conversation);
    if (this.beside.delete(conversation) || isKnown) this.say();
  }

  private found(chairs: readonly Chair[], conversation: ConversationId, isColleague: boolean) {
    const those = chairs.filter(
      (one) => one.conversation === conversation && one.isColleague === isColleague
    );
    const taken = those.find(({ sockets }) => sockets > 0);
    return taken ?? (isColleague ? those[0] : undefined);
  }

  private move(
    chairs: Map<ConversationId, Chair>,
    chair: Omit<Chair, 'sockets'>,
    step: 1 | -1
  ): number {
    const known = chairs.get(chair.conversation);
    const before = known?.account === chair.account ? known.sockets : 0;
    const sockets = Math.max(0, before + step);
    // After the end, who rises is not written down again.
    if (known || step === 1) chairs.set(chair.conversation, { ...chair, sockets });
    if (sockets === 0 && !chair.isColleague) chairs.delete(chair.conversation);
    this.say();
    return sockets;
  }

  private say(): void {
    if (this.hasNeighbours) this.board.say([...this.own.values(), ...this.beside.values()]);
  }
}
