import { cancelBooking } from '#shared/booking/calls.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { serve } from '#server/wire/serve.ts';
import type { Office } from './office.ts';
import { freeUntil, isAhead, miss, openTicket, unchanged, type Standing } from './standing.ts';

/** Somebody does not come. Asked again, the same is answered. */
export const serveCancelBooking = (office: Office) =>
  serve(cancelBooking, async ({ ticket }) => {
    const standing = await openTicket(office, ticket);
    if (!standing) return refuse('unknown-ticket');
    const { state } = standing.booking;
    if (state === 'checked-in') return refuse('already-checked-in');
    if (isAhead(standing.booking))
      await office.bookings.change([leave(office, standing)], {
        now: office.clock.now()
      });
    const after = await openTicket(office, ticket);
    if (!after) return refuse('unknown-ticket');
    return says(office, after);
  });

function leave(office: Office, standing: Standing) {
  if (office.clock.now() > freeUntil(office, standing))
    return miss(office, standing, 'cancelled-late');
  return {
    ...unchanged(standing),
    state: 'cancelled' as const,
    isSeated: false,
    clip: 'did-not' as const,
    keepsNote: false
  };
}

function says({ missed }: Office, { booking: { state } }: Standing) {
  if (state === 'cancelled' || state === 'cancelled-by-us')
    return accept({ inTime: true, clipIsFree: true });
  if (state === 'cancelled-late')
    return accept({ inTime: false, clipIsFree: missed === 'given-back' });
  return refuse(state === 'checked-in' ? 'already-checked-in' : 'already-over');
}
