import type { Stage } from '#shared/klippekort/stage.ts';
import type { ConversationId } from '#shared/wire/ids.ts';
import type { Booked, Waiting } from '../queue-store.ts';
import type { HouseLink } from './house-link.ts';

/** One who waits, as the script answers it; empty is none, gone in milliseconds since 1970. */
export type Row = [name: Buffer, waiting: Buffer, stage: Buffer, booked: Buffer, gone: Buffer];

type Kept = Pick<Waiting, 'conversation' | 'visitor' | 'since' | 'turn' | 'returned'>;

/** Opens what the queue holds, each row once: a long queue is read again with every step of it. */
export class SealedRows {
  private readonly link: HouseLink;
  private opened = new Map<string, { row: Row; waiting: Waiting }>();

  constructor(link: HouseLink) {
    this.link = link;
  }

  seal({ conversation, visitor, since, turn, returned }: Waiting): Buffer {
    return this.link.seal({ conversation, visitor, since, turn, returned }, 'waiting');
  }

  open([, waiting, stage, booked, gone]: Row): Waiting {
    const { link } = this;
    return {
      ...(link.unseal(waiting, 'waiting') as Kept),
      stage: stage.length === 0 ? null : (link.unseal(stage, 'stage') as Stage),
      ...(booked.length === 0 ? {} : { booked: link.unseal(booked, 'booked') as Booked }),
      goneAt: gone.length === 0 ? null : Number(gone.toString())
    };
  }

  openAll(rows: readonly Row[]): Waiting[] {
    const before = this.opened;
    this.opened = new Map();
    return rows.map((row) => {
      const name = row[0].toString();
      const known = before.get(name);
      const isSame = known?.row.every((part, index) => part.equals(row[index] ?? part));
      const one = known && isSame ? known : { row, waiting: this.open(row) };
      this.opened.set(name, one);
      return one.waiting;
    });
  }

  conversationOf(waiting: Buffer): ConversationId {
    return (this.link.unseal(waiting, 'waiting') as Kept).conversation;
  }
}
