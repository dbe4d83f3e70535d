import type { ShiftDraft } from './draft.svelte.ts';

export type ShiftField =
  | 'who'
  | 'day'
  | 'start'
  | 'end'
  | 'name'
  | 'address'
  | 'from'
  | 'until'
  | 'languages'
  | 'kinds'
  | 'purposes'
  | 'seats';

const fields: Readonly<Record<string, ShiftField>> = {
  'nobody-chosen': 'who',
  'unknown-counsellor': 'who',
  'no-day-chosen': 'day',
  'no-time-chosen': 'start',
  'hour-does-not-exist': 'start',
  'hour-twice': 'start',
  'shift-overlaps': 'start',
  'slot-does-not-fit': 'end',
  'no-language': 'languages',
  'no-kind': 'kinds',
  'no-purpose': 'purposes',
  'seats-only-in-network': 'seats'
};

/** The field at which a refusal can be put right; null where it is none of them. */
export function fieldOf(refusal: string, draft: ShiftDraft): ShiftField | null {
  const isWeekly = draft.repeats === 'weekly';
  if (refusal === 'place-without-address')
    return draft.placeKind === 'drop-in' && draft.placeName.trim() === '' ? 'name' : 'address';
  if (refusal === 'end-before-start')
    return isWeekly && draft.until !== '' && draft.until < draft.from ? 'until' : 'end';
  if (refusal === 'date-in-past') return isWeekly ? 'until' : 'day';
  if (refusal === 'date-too-far' || refusal === 'no-such-date') return isWeekly ? 'from' : 'day';
  return fields[refusal] ?? null;
}

/** Whether a field stands among those that are folded away at first. */
export const isFolded = (field: ShiftField | null): boolean =>
  field !== null && ['from', 'until', 'languages', 'kinds', 'purposes', 'seats'].includes(field);
