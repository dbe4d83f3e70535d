import { nextAlone, withoutClipOf } from '#shared/booking/booked-clip.ts';
import type { book, FreeSlot } from '#shared/booking/calls.ts';
import type { Purpose } from '#shared/booking/purpose.ts';
import { newTicket } from '#shared/crypto/ticket.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';
import type { RequestOf } from '#shared/wire/define-call.ts';
import type { KlippekortState } from '../klippekort/klippekort.svelte.ts';
import type { HeldTicket } from './held-ticket.svelte.ts';
import type { Note } from './note.svelte.ts';
import type { TicketBox } from './ticket-box.svelte.ts';

type Order = RequestOf<typeof book>['orders'][number];

/** A clip that was used from a copy of the card is passed over, as often as there are clips. */
const mostClips = 10;

/** 16 random bytes: asked again with the same, the same is answered. */
export const newKey = (): string => toBase64Url(crypto.getRandomValues(new Uint8Array(16)));

/**
 * The tickets somebody is about to book with. A ticket is there, with its clip, before anything is sent:
 * the page may die at any step. Where a time is taken, the same tickets ask for another one.
 */
export class Drafts {
  readonly #box: TicketBox;
  readonly #card: KlippekortState;
  #drafts: { readonly ticket: HeldTicket; asked: string; order: Order | null }[] = [];

  constructor(box: TicketBox, card: KlippekortState) {
    this.#box = box;
    this.#card = card;
  }

  /** One order a slot; asked again for the same, the same orders. */
  async orders(
    slots: readonly FreeSlot[],
    visitor: Visitor,
    purpose: Purpose,
    words: Note
  ): Promise<Order[] | { refusal: string }> {
    const orders: Order[] = [];
    for (const [at, { slot }] of slots.entries()) {
      const draft = (this.#drafts[at] ??= this.#begin(visitor));
      if (!draft) return { refusal: 'not-ready' };
      const { ticket } = draft;
      ticket.change({ visitor });
      // Sealed twice, the same words are other bytes: the same question has the same answer only once asked.
      const asked = JSON.stringify([slot, visitor, purpose, words.text]);
      if (draft.order && draft.asked === asked) {
        orders.push(draft.order);
        continue;
      }
      const clip = await this.#clipFor(ticket, visitor);
      if (clip && 'refusal' in clip) return clip;
      const room = toBase64Url(ticket.room);
      const note = words.isEmpty ? null : await words.seal('booking', room);
      if (!words.isEmpty && note === null) return { refusal: 'note-not-sealed' };
      draft.asked = asked;
      draft.order = { slot, key: newKey(), ticket: ticket.name, note, clip };
      orders.push(draft.order);
    }
    return orders;
  }

  /** They are booked. */
  done(): HeldTicket[] {
    const tickets = this.#drafts.map(({ ticket }) => ticket);
    for (const ticket of tickets) ticket.change({ isSure: true });
    this.#drafts = [];
    return tickets;
  }

  /** Nothing came of it: clips that were shown are exchanged. */
  drop(): void {
    for (const { ticket } of this.#drafts) void ticket.see();
    this.#drafts = [];
  }

  #begin(visitor: Visitor) {
    const kept = { ticket: toBase64Url(newTicket()), visitor, clip: null, isSure: false };
    const ticket = this.#box.add(kept);
    if (!ticket) throw new Error('not in a browser');
    return { ticket, asked: '', order: null };
  }

  async #clipFor(
    ticket: HeldTicket,
    visitor: Visitor
  ): Promise<Order['clip'] | { refusal: string }> {
    if (!this.#card.counts(visitor)) return null;
    for (let times = 0; times < mostClips; times += 1) {
      if (!ticket.kept.clip) {
        const alone = nextAlone(this.#card.whole);
        if (!alone) return null;
        ticket.change({ clip: alone });
        await this.#card.change((whole) => withoutClipOf(whole, alone));
      }
      const { clip } = ticket.kept;
      if (!clip) return null;
      const holder = await this.#card.openAlone(clip, (alone) => ticket.change({ clip: alone }));
      const at = { conversation: toBase64Url(ticket.room), capability: ticket.name };
      const shown = await holder.prepare(at);
      if (shown.ok) return shown.value;
      if (shown.refusal !== 'no-clip') return { refusal: shown.refusal };
      ticket.change({ clip: null });
    }
    return { refusal: 'no-clip' };
  }
}
