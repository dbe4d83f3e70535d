import {
  addNote,
  cancelBooking,
  checkIn,
  moveBooking,
  seeBooking,
  type FreeSlot,
  type Seen
} from '#shared/booking/calls.ts';
import { holdAgain, putBack, stageOfAlone } from '#shared/booking/booked-clip.ts';
import { writeTicketCode } from '#shared/booking/ticket-code.ts';
import { bookingConversation, ticketName } from '#shared/crypto/ticket.ts';
import type { Klippekort } from '#shared/klippekort/card.ts';
import { fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';
import type { KlippekortState } from '../klippekort/klippekort.svelte.ts';
import type { Line } from '../wire/line.ts';
import type { KeptTicket } from './kept-tickets.ts';

interface Parts {
  readonly line: Line;
  readonly card: KlippekortState;
  readonly keep: () => void;
  readonly forget: (ticket: HeldTicket) => void;
}

/** After these the clip has nothing more to wait for. */
const isOver = ({ state, secondTryUntil }: Seen): boolean =>
  !['planned', 'moved-by-us', 'checked-in'].includes(state) && secondTryUntil === null;

/** One booking, for who holds its secret. */
export class HeldTicket {
  #kept = $state.raw<KeptTicket>({ ticket: '', visitor: null, clip: null, isSure: false });
  #seen = $state.raw<Seen | null>(null);
  #reach = $state<'looking' | 'there' | 'offline' | 'unknown'>('looking');
  #isBusy = $state(false);
  #refusal = $state<string | null>(null);
  #code = $state<string | null>(null);
  readonly #parts: Parts;
  readonly #secret: Uint8Array;

  constructor(kept: KeptTicket, parts: Parts) {
    this.#kept = kept;
    this.#parts = parts;
    this.#secret = fromBase64Url(kept.ticket) ?? new Uint8Array(32);
  }

  get kept(): KeptTicket {
    return this.#kept;
  }
  get line(): Line {
    return this.#parts.line;
  }
  get isSure(): boolean {
    return this.#kept.isSure;
  }
  get isGone(): boolean {
    return this.#reach === 'unknown';
  }
  get seen(): Seen | null {
    return this.#seen;
  }
  get reach(): 'looking' | 'there' | 'offline' | 'unknown' {
    return this.#reach;
  }
  get isBusy(): boolean {
    return this.#isBusy;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  /** While it is shown. */
  get code(): string | null {
    return this.#code;
  }
  get hasClip(): boolean {
    return this.#kept.clip !== null;
  }
  /** What the server books under: it does not open the booking. */
  get name(): string {
    return toBase64Url(ticketName(this.#secret));
  }
  /** 16 bytes: what the note and the clip are bound to. */
  get room(): Uint8Array {
    return bookingConversation(ticketName(this.#secret));
  }

  change(to: Partial<KeptTicket>): void {
    this.#kept = { ...this.#kept, ...to };
    this.#parts.keep();
  }

  /** How it stands; what is over gives its clip back to the card. */
  async see(): Promise<void> {
    const answer = await this.#parts.line.ask(seeBooking, { ticket: this.#kept.ticket });
    if (answer.ok) {
      this.#seen = answer.value;
      this.#reach = 'there';
      if (!this.#kept.isSure) this.change({ isSure: true });
      await this.#settle(answer.value).catch(() => {});
    } else if (answer.refusal === 'unknown-ticket') {
      await this.#giveUp().catch(() => {});
    } else this.#reach = 'offline';
  }

  /** @returns the alternatives when somebody else was first; null when it is done, or refused */
  async move({ slot }: FreeSlot, key: string): Promise<readonly FreeSlot[] | null> {
    const { ticket } = this.#kept;
    const answer = await this.#ask(() => this.#parts.line.ask(moveBooking, { ticket, slot, key }));
    if (!answer?.ok) return null;
    if (answer.value.outcome === 'slot-taken') return answer.value.alternatives;
    await this.see();
    return null;
  }

  async cancel(): Promise<void> {
    const { ticket } = this.#kept;
    await this.#ask(() => this.#parts.line.ask(cancelBooking, { ticket }));
    await this.see();
  }

  async addNote(note: string): Promise<boolean> {
    const { ticket } = this.#kept;
    const answer = await this.#ask(() => this.#parts.line.ask(addNote, { ticket, note }));
    await this.see();
    return answer?.ok ?? false;
  }

  /** "I am here". @returns whether the conversation waits on the chat's page now */
  async checkIn(): Promise<boolean> {
    // First, so that nobody is checked in whom this page cannot bring to the chat.
    const room = await import('../conversation/kept.ts').catch(() => null);
    if (!room) {
      this.#refusal = 'line-down';
      return false;
    }
    const { ticket, clip } = this.#kept;
    const visitor = this.#seen?.visitor ?? this.#kept.visitor;
    const answer = await this.#ask(() => this.#parts.line.ask(checkIn, { ticket }));
    if (!answer?.ok || !visitor) return false;
    const { conversation, capability } = answer.value;
    if (clip) await this.#lend(clip, capability);
    const stage = clip && stageOfAlone(clip);
    room.keep(room.begin(conversation, capability, visitor, false, stage));
    return true;
  }

  showCode(): void {
    this.#code = writeTicketCode(this.#secret);
  }
  hideCode(): void {
    this.#code = null;
  }

  async savePicture(): Promise<boolean> {
    const { saveBookingTicket } = await import('./save-booking-ticket.ts');
    return saveBookingTicket(writeTicketCode(this.#secret), this.#seen?.words ?? ['', '']);
  }

  forget(): void {
    this.#parts.forget(this);
  }

  async #ask<Answer extends { ok: boolean; refusal?: string }>(
    ask: () => Promise<Answer>
  ): Promise<Answer | null> {
    if (this.#isBusy) return null;
    this.#isBusy = true;
    this.#refusal = null;
    const answer = await ask();
    this.#isBusy = false;
    if (!answer.ok) this.#refusal = answer.refusal ?? null;
    return answer;
  }

  async #settle(seen: Seen): Promise<void> {
    const { card } = this.#parts;
    const { capability, visitor, state } = seen;
    if (this.#kept.clip && isOver(seen)) await this.#fetchClip(this.#kept.clip);
    else if (capability && state === 'took-place' && card.stage === 'none') {
      await card.tookPlace({ conversation: toBase64Url(this.room), capability }, visitor);
      if (card.whole.card !== null) this.change({ came: 'card' });
    }
  }

  /** Nothing was ever booked with it: a clip that was shown for it is exchanged. */
  async #giveUp(): Promise<void> {
    if (this.#kept.isSure) this.#reach = 'unknown';
    if (this.#kept.clip && !(await this.#fetchClip(this.#kept.clip))) return;
    this.forget();
  }

  async #fetchClip(clip: Klippekort): Promise<boolean> {
    const { card } = this.#parts;
    let came: KeptTicket['came'] = 'back';
    if (clip.under) {
      const holder = await card.openAlone(clip, (alone) => this.change({ clip: alone }));
      const answer = await holder.resume();
      // One that was used from a copy of the card is not waited for.
      if (!answer.ok && answer.refusal !== 'spent') return false;
      if (!answer.ok || answer.value?.outcome !== 'did-not') came = 'used';
    }
    const { clip: alone } = this.#kept;
    if (!alone) return false;
    await card.change((whole) => putBack(whole, alone));
    this.change({ clip: null, came });
    return true;
  }

  /** The clip is the card's again, for this one conversation. */
  async #lend(clip: Klippekort, capability: string): Promise<void> {
    const { card } = this.#parts;
    let isLent = false;
    await card.change((whole) => {
      const held = holdAgain(whole, clip, capability);
      isLent = held !== null;
      return held ?? whole;
    });
    if (isLent) this.change({ clip: null });
  }
}
