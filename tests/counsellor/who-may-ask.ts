import type { StaffRole } from '#shared/counsellor/role.ts';

export const actors = ['visitor', 'counsellor', 'lead', 'interpreter'] as const;
export type Actor = 'visitor' | StaffRole;

const everybody = actors;
const staff = ['counsellor', 'lead', 'interpreter'] as const;
const holders = ['counsellor', 'interpreter'] as const;

/** Who may ask what. A call without a row here fails the test, and so does a row without a call. */
export const mayAsk: Readonly<Record<string, readonly Actor[]>> = {
  'booking:add-note': everybody,
  'booking:book': everybody,
  'booking:cancel': everybody,
  'booking:check-in': everybody,
  'booking:day': ['counsellor'],
  'booking:mark': ['counsellor'],
  'booking:move': everybody,
  'booking:read-note': ['counsellor'],
  'booking:see': everybody,
  'booking:week': everybody,
  'conversation:attach': everybody,
  'conversation:end': everybody,
  'conversation:report-took-place': ['counsellor'],
  'counsellor:certificate': holders,
  'counsellor:request-certificate': holders,
  'klippekort:ask-decision-clip': everybody,
  'klippekort:give-back-clip': everybody,
  'klippekort:hold-clip': everybody,
  'klippekort:issue-card': everybody,
  'klippekort:record-decision': everybody,
  'klippekort:settle-clip': everybody,
  'phrases:list': staff,
  'phrases:remove': ['lead'],
  'phrases:save': ['lead'],
  'plan:close-days': ['lead'],
  'plan:move-bookings': ['lead'],
  'plan:open-days': ['lead'],
  'plan:propose-moves': ['lead'],
  'plan:remove-shift': ['lead'],
  'plan:save-shift': ['lead'],
  'plan:see': ['counsellor', 'lead'],
  'plan:week': ['counsellor', 'lead'],
  'queue:join': everybody,
  'queue:leave': everybody,
  'queue:look-in': everybody,
  'queue:request-challenge': everybody,
  'queue:return': everybody,
  'queue:stand-again': everybody,
  'queue:take-next': ['counsellor'],
  'roster:answer-offer': holders,
  'roster:offer-hand-over': ['counsellor'],
  'roster:open-pair': ['counsellor'],
  'roster:withdraw-offer': ['counsellor'],
  'shift:open-desk': staff,
  'shift:set': ['counsellor'],
  'statistics:read': ['lead'],
  'statistics:register': ['counsellor'],
  'team:certificate-requests': ['lead'],
  'team:deliver-certificate': ['lead'],
  'team:invite': ['lead'],
  'team:list': ['lead'],
  'team:reset': ['lead'],
  'team:resume': ['lead'],
  'team:revoke-certificate': ['lead'],
  'team:suspend': ['lead'],
  'team:withdraw-invitation': ['lead']
};
