import type { BookingState } from '#shared/booking/calls.ts';
import type { Purpose } from '#shared/booking/purpose.ts';
import type { Stage } from '#shared/klippekort/stage.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import type { SpentClip } from './clips.ts';
import type { Absence } from './plan.ts';

/**
 * A booking as it is kept: under keyed hashes, without a time of its own. Nothing in it says when it was
 * made, nor which others are of the same person or series.
 */
export interface StoredBooking {
  /** Keyed hash of the ticket's name, 32 bytes. */
  readonly ticket: Uint8Array;
  readonly slot: number;
  /** Whether it has a seat of its slot. */
  readonly isSeated: boolean;
  readonly state: BookingState;
  /** Keyed hash of the conversation, 32 bytes. */
  readonly conversation: Uint8Array;
  readonly visitor: Visitor;
  readonly purpose: Purpose;
  /** A number of `doorWords`. */
  readonly words: number;
  /** What the clip opens that was shown with it; null without one. */
  readonly stage: Stage | null;
  readonly hasNote: boolean;
  /** How often its time was missed. */
  readonly misses: number;
  /** The start it had before it was moved by the counsellors' side. */
  readonly movedFrom: number | null;
}

/** What a key was answered, kept so that the same key is answered the same. */
export interface Answered {
  /** Keyed hash of the device's key, 32 bytes. */
  readonly key: Uint8Array;
  /** Keyed hash of what was asked, 32 bytes. */
  readonly request: Uint8Array;
  readonly answer: string;
}

export interface BookingOrder extends Pick<
  StoredBooking,
  'ticket' | 'slot' | 'conversation' | 'visitor' | 'purpose' | 'words'
> {
  readonly done: Answered;
  /** Sealed to the team. */
  readonly note: Uint8Array | null;
  readonly clip: { readonly shown: SpentClip; readonly stage: Stage } | null;
}

export type SlotRefusal = 'slot-taken' | 'slot-gone' | 'slot-past';

export type BookOutcome =
  | { readonly outcome: 'booked'; readonly answers: readonly string[] }
  | { readonly outcome: SlotRefusal; readonly slot: number }
  | { readonly outcome: 'key-reused' | 'ticket-known' | 'clip-spent' | 'clip-already' };

/** One booking as it stands afterwards. */
export interface BookingChange {
  readonly ticket: Uint8Array;
  /** As it was read. Where it stands otherwise by now nothing is changed. */
  readonly was: Pick<StoredBooking, 'state' | 'slot' | 'misses'>;
  readonly state: BookingState;
  readonly misses: number;
  readonly slot: number;
  readonly isSeated: boolean;
  readonly movedFrom: number | null;
  /** What came of the clip; null leaves it held. A clip that decides is given back, whatever is said here. */
  readonly clip: 'did-not' | 'took-place' | null;
  /** The day, since 1970, from which on the clip is kept for nobody; null as it is. */
  readonly clipDay: number | null;
  readonly keepsNote: boolean;
}

export type ChangeOutcome =
  | { readonly outcome: 'changed' | 'stale' }
  | { readonly outcome: SlotRefusal; readonly slot: number };

/** Bookings; every method is one atomic step, on the disk when its promise resolves. */
export interface Bookings {
  /** Claims slots and holds clips and keeps the answers: all of it or nothing. Asked again, answered again. */
  book(orders: readonly BookingOrder[], now: number): Promise<BookOutcome>;
  answered(key: Uint8Array): Promise<Pick<Answered, 'request' | 'answer'> | null>;
  find(ticket: Uint8Array): Promise<StoredBooking | null>;
  /** The booking a conversation was made for. @param conversation keyed hash */
  inConversation(conversation: Uint8Array): Promise<StoredBooking | null>;
  /** Those whose slot starts in a span, in no order of their making. */
  between(from: number, until: number): Promise<readonly StoredBooking[]>;
  /** Changes all of them or none; seats are let go before others are taken. */
  change(
    changes: readonly BookingChange[],
    beside: { readonly now: number; readonly done?: Answered; readonly absence?: Absence }
  ): Promise<ChangeOutcome>;
  note(ticket: Uint8Array): Promise<Uint8Array | null>;
  /** @returns false when there is no such booking */
  putNote(ticket: Uint8Array, note: Uint8Array): Promise<boolean>;
  /** Drops what nobody can need any more: bookings and answers of slots that started before `until`. */
  forget(until: number): Promise<void>;
}
