import * as v from 'valibot';
import { Booked, moveBooking } from '#shared/booking/calls.ts';
import { doorWords } from '#shared/booking/door-words.ts';
import { dayOf, horizonDays, isFor, isFull } from '#shared/booking/rules.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import type { Answered } from '#server/store/durable/bookings.ts';
import type { StoredSlot } from '#server/store/durable/plan.ts';
import { serve } from '#server/wire/serve.ts';
import { toFreeSlot } from './free-slots.ts';
import { openedTicket, storedKey, storedRequest } from './names.ts';
import type { Office } from './office.ts';
import { costOfMove, openTicket, unchanged, type Standing } from './standing.ts';

const day = 86_400_000;

/** Another time for the same ticket: the old one is let go and the new one claimed in one step. */
export const serveMoveBooking = (office: Office) =>
  serve(moveBooking, async ({ ticket, slot: id, key }) => {
    const { bookings, secret, clock, plan } = office;
    const asked = {
      key: storedKey(secret, key),
      request: storedRequest(secret, {
        slot: id,
        ticket: Buffer.from(openedTicket(secret, ticket)).toString('base64url')
      })
    };
    const before = await bookings.answered(asked.key);
    if (before && Buffer.compare(before.request, asked.request) !== 0) return refuse('key-reused');
    if (before) return accept(moved(before.answer));

    const standing = await openTicket(office, ticket);
    if (!standing) return refuse('unknown-ticket');
    const cost = costOfMove(office, standing);
    if (cost === 'not-movable') return refuse('not-movable');
    const now = clock.now();
    const slot = await plan.slot(id);
    if (!slot?.isOpen || slot.start >= now + horizonDays * day) return refuse('slot-gone');
    if (slot.start <= now) return refuse('slot-past');
    const { visitor, purpose } = standing.booking;
    if (!isFor(slot.offer, visitor, purpose)) return refuse('slot-not-for-this');
    if (slot.id !== standing.slot.id && isFull(slot)) return taken(office, standing, slot);

    const answer = { ...toFreeSlot(slot), words: doorWords(standing.booking.words) };
    const done: Answered = { ...asked, answer: JSON.stringify(answer) };
    const changed = await bookings.change([to(standing, slot, cost === 'a-miss' ? 1 : 0)], {
      now,
      done
    });
    if (changed.outcome === 'changed') return accept(moved(done.answer));
    if (changed.outcome === 'slot-taken') return taken(office, standing, slot);
    if (changed.outcome !== 'stale') return refuse(changed.outcome);
    // The same asked twice at once: the other was first.
    const other = await bookings.answered(asked.key);
    return other ? accept(moved(other.answer)) : refuse('not-movable');
  });

const moved = (answer: string) => ({
  outcome: 'moved' as const,
  booking: v.parse(Booked, JSON.parse(answer))
});

const to = (standing: Standing, { id, start }: StoredSlot, misses: number) => ({
  ...unchanged(standing),
  state: 'planned' as const,
  misses: standing.booking.misses + misses,
  slot: id,
  isSeated: true,
  movedFrom: null,
  clipDay: dayOf(start)
});

async function taken({ free }: Office, { booking }: Standing, slot: StoredSlot) {
  const alternatives = await free.alternatives(slot, booking.visitor, booking.purpose);
  return accept({ outcome: 'slot-taken' as const, slot: slot.id, alternatives });
}
