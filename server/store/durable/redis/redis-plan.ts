import * as v from 'valibot';
import { ClosedDays, Offer, PlannedShift, Zone } from '#shared/plan/planned-shift.ts';
import type { Redis } from '../../redis/connection.ts';
import type { Absence, Plan, PlanStep, SlotOffer, StoredSlot, WantedSlot } from '../plan.ts';
import type { Accounts } from '../staff.ts';
import type { FreeTurns } from './free-turns.ts';
import { Flag, readPairs, readRow, readRows, Text, Whole } from './replies.ts';
import { planScript, slotsScript } from './plan-script.ts';
import { Steps } from './steps.ts';

const SlotOfferSchema = v.object({ ...Offer.entries, zone: Zone });
const SlotRow = v.object({
  id: Whole,
  shift: Text,
  account: Text,
  counsellor: Text,
  start: Whole,
  minutes: Whole,
  offer: Text,
  taken: Whole,
  open: Flag
});

/** Few are different, and thousands are read at once. */
const offers = new Map<string, SlotOffer>();
function offerOf(text: string): SlotOffer {
  const known = offers.get(text);
  if (known) return known;
  if (offers.size > 10_000) offers.clear();
  const offer = v.parse(SlotOfferSchema, JSON.parse(text));
  offers.set(text, offer);
  return offer;
}

const toSlot = ({ open, offer, ...slot }: v.InferOutput<typeof SlotRow>): StoredSlot => ({
  ...slot,
  offer: offerOf(offer),
  isOpen: open
});

/** The plan's part of the durable Redis. */
export function openPlan(redis: Redis, staff: Pick<Accounts, 'all'>, turns: FreeTurns): Plan {
  const steps = new Steps(redis, slotsScript, planScript);
  const bodies = async <Schema extends v.GenericSchema>(kind: string, schema: Schema) =>
    readPairs(Text, await steps.look('pairsIn', kind)).map(([, body]) =>
      v.parse(schema, JSON.parse(body))
    );

  return {
    shifts: async () => (await bodies('shifts', PlannedShift)).toSorted(byText(({ id }) => id)),
    closed: async () => (await bodies('closed', ClosedDays)).toSorted(byText(({ from }) => from)),
    absences: async () =>
      readPairs(Whole, await steps.look('pairsIn', 'absences'))
        .map(([name, until]): Absence => {
          const [account = '', from] = name.split(' ');
          return { account, from: Number(from), until };
        })
        .toSorted(byText(({ account, from }) => `${account} ${from}`)),
    counsellors: async () =>
      (await staff.all())
        .filter(({ role, state }) => role === 'counsellor' && state !== 'suspended')
        .map(({ id, shownName }) => ({ account: id, name: shownName })),

    async change(step, of, wanted, now, seen) {
      const accounts = of && [...new Set(of)];
      const concerned = v.parse(
        v.nullable(v.array(v.number())),
        await steps.take(
          'change',
          ...stepValues(step),
          now,
          'extend' in step,
          seen ?? null,
          ...(accounts ? [accounts.length, ...accounts] : [-1]),
          ...wantedValues(wanted)
        )
      );
      if (!concerned) return { isStale: true };
      if (concerned.length > 0) return { concerned };
      turns.next(null);
      return { slots: wanted.length };
    },

    turn: async () => v.parse(v.pipe(Text, v.transform(Number)), await steps.look('turn')),
    slots: async (from, until) =>
      readRows(SlotRow, await steps.look('slots', from, until))
        .map(toSlot)
        .toSorted((one, other) => one.start - other.start || one.id - other.id),
    slot: async (id) => {
      const row = readRow(SlotRow, await steps.look('slot', id));
      return row && toSlot(row);
    },
    these: async (ids) =>
      ids.length === 0
        ? []
        : readRows(SlotRow, await steps.look('theseSlots', ids.length, ...ids)).map(toSlot),
    version: () => turns.now,
    changedSince: (version) => turns.since(version)
  };
}

const byText =
  <T>(textOf: (one: T) => string) =>
  (one: T, other: T): number =>
    textOf(one) < textOf(other) ? -1 : 1;

function stepValues(step: PlanStep): readonly (string | null)[] {
  if ('put' in step) return ['put', step.put.id, JSON.stringify(step.put)];
  if ('remove' in step) return ['remove', step.remove, null];
  if ('close' in step) return ['close', step.close.from, JSON.stringify(step.close)];
  return 'open' in step ? ['open', step.open, null] : ['extend', null, null];
}

/** Each offer once, and slots that point at them. */
function wantedValues(wanted: readonly WantedSlot[]): (string | number)[] {
  const offers = new Map<string, number>();
  const values: (string | number)[] = [];
  const slots = wanted.flatMap(({ shift, account, start, minutes, offer: given }) => {
    // In one order of its parts, so that the same is the same text.
    const offer = v.parse(SlotOfferSchema, given);
    const text = JSON.stringify(offer);
    if (!offers.has(text)) {
      offers.set(text, offers.size + 1);
      values.push(text, JSON.stringify(offer.place), offer.seats);
    }
    return [shift, account, start, minutes, offers.get(text) ?? 0];
  });
  return [offers.size, ...values, wanted.length, ...slots];
}
