import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkShift, type ShiftRefusal } from '#shared/plan/check-shift.ts';
import { danishHolidays, easterSunday } from '#shared/plan/danish-holidays.ts';
import type { ClosedDays, PlannedShift } from '#shared/plan/planned-shift.ts';
import { daySpan, mondayOf, slotsOf, weekSpan } from '#shared/plan/slots-of.ts';

const seed = Number(process.env['SEED'] ?? 20_261_121);
const now = Date.UTC(2026, 0, 5);
const year = { from: Date.UTC(2026, 0, 5), until: Date.UTC(2027, 0, 5) };
/** North, south, and a zone that never changes its clock. */
const zones = ['Europe/Copenhagen', 'Australia/Sydney', 'America/New_York', 'Asia/Tokyo'];

export const aShift = (change: Partial<PlannedShift> = {}): PlannedShift => ({
  id: crypto.randomUUID(),
  account: 'sofie',
  when: { repeats: 'weekly', weekday: 2, from: '2026-01-05', until: null },
  start: '15:00',
  end: '18:00',
  zone: 'Europe/Copenhagen',
  slotMinutes: 45,
  pauseMinutes: 15,
  offer: {
    place: { kind: 'chat' },
    languages: ['da'],
    kinds: ['young'],
    purposes: ['conversation'],
    seats: 1
  },
  ...change
});

/** The wall's clock by another reckoner: the platform's own, not the one under test. */
function onTheWall(zone: string, at: number) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    weekday: 'short'
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '';
  return {
    date: `${part('year')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}`,
    weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday')) + 1
  };
}

const quarter = (many: number) =>
  `${String(Math.floor(many / 4)).padStart(2, '0')}:${String((many % 4) * 15).padStart(2, '0')}`;

describe('a year of weekly shifts', () => {
  test('keeps the wall clock through every change of it, in every zone', () => {
    console.log(`seed ${seed}`);
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 0, max: 88 }),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom(15, 30, 45),
        fc.constantFrom(0, 5, 15),
        (zone, weekday, from, quarters, slotMinutes, pauseMinutes) => {
          const shift = aShift({
            ...{ zone, slotMinutes, pauseMinutes },
            when: { repeats: 'weekly', weekday, from: '2026-01-05', until: null },
            start: quarter(from),
            end: quarter(Math.min(from + quarters + 3, 95))
          });
          const refusal = checkShift(shift, [], [], now);
          const slots = slotsOf(shift, year, []);
          const first = slots.map(({ start }) => onTheWall(zone, start));
          // Every slot is on its weekday, at one of the times of the first week, within the shift.
          expect(first.every((wall) => wall.weekday === weekday)).toBe(true);
          const times = new Set(first.map(({ time }) => time));
          const eachWeek = Math.floor(
            ((Math.min(from + quarters + 3, 95) - from) * 15 + pauseMinutes) /
              (slotMinutes + pauseMinutes)
          );
          expect(times.size).toBe(eachWeek);
          for (const time of times) {
            expect(time >= shift.start).toBe(true);
            expect(time < shift.end).toBe(true);
          }
          // No two slots of a shift meet.
          for (const [at, slot] of slots.entries()) {
            const next = slots[at + 1];
            if (next) expect(next.start).toBeGreaterThanOrEqual(slot.start + slotMinutes * 60_000);
          }
          // What was taken at planning falls in every week: no day is left out in silence.
          const weeks = new Set(first.map(({ date }) => date)).size;
          if (refusal === null) expect(weeks).toBeGreaterThanOrEqual(52);
          else expect(['hour-does-not-exist', 'hour-twice']).toContain(refusal);
        }
      ),
      { seed, numRuns: 120 }
    );
  });

  test('leaves out closed days, and nothing else', () => {
    const christmas: ClosedDays = { from: '2026-12-21', until: '2027-01-03', name: 'Jul' };
    const all = slotsOf(aShift(), year, []);
    const open = slotsOf(aShift(), year, [christmas]);
    const missing = all.filter(({ start }) => !open.some((one) => one.start === start));
    expect(new Set(missing.map(({ start }) => onTheWall('Europe/Copenhagen', start).date))).toEqual(
      new Set(['2026-12-22', '2026-12-29'])
    );
    expect(missing).toHaveLength(6);
  });

  test('is at another time of the world after the clock is changed, and at the same on the wall', () => {
    const [before, after] = [
      slotsOf(aShift(), { from: Date.UTC(2026, 2, 23), until: Date.UTC(2026, 2, 29) }, []),
      slotsOf(aShift(), { from: Date.UTC(2026, 2, 30), until: Date.UTC(2026, 3, 5) }, [])
    ];
    expect(new Date(before[0]?.start ?? 0).toISOString()).toBe('2026-03-24T14:00:00.000Z');
    expect(new Date(after[0]?.start ?? 0).toISOString()).toBe('2026-03-31T13:00:00.000Z');
  });

  test('a week and a day have the hours they have', () => {
    const hours = ({ from, until }: { from: number; until: number }) => (until - from) / 3_600_000;
    expect(hours(weekSpan('2026-03-23', 'Europe/Copenhagen'))).toBe(167);
    expect(hours(weekSpan('2026-10-19', 'Europe/Copenhagen'))).toBe(169);
    expect(hours(daySpan('2026-10-25', 'Europe/Copenhagen'))).toBe(25);
    expect(mondayOf('Europe/Copenhagen', Date.UTC(2026, 10, 22, 23, 30))).toBe('2026-11-23');
    expect(mondayOf('America/New_York', Date.UTC(2026, 10, 22, 23, 30))).toBe('2026-11-16');
  });
});

const once = (date: string, start: string, end: string, change: Partial<PlannedShift> = {}) =>
  aShift({ when: { repeats: 'once', date }, start, end, slotMinutes: 30, ...change });
const housed = (place: PlannedShift['offer']['place']) => ({
  offer: { ...aShift().offer, place }
});

describe('what cannot be planned is refused by name', () => {
  test.each<[string, PlannedShift, ShiftRefusal]>([
    ['an hour the clock leaps over', once('2026-03-29', '02:00', '03:00'), 'hour-does-not-exist'],
    ['a shift over that hour', once('2026-03-29', '01:00', '05:00'), 'hour-does-not-exist'],
    ['an hour that comes twice', once('2026-10-25', '02:00', '03:00'), 'hour-twice'],
    ['a shift over it', once('2026-10-25', '00:00', '06:00'), 'hour-twice'],
    [
      'the same in the south, in its spring',
      once('2026-10-04', '02:00', '03:00', { zone: 'Australia/Sydney' }),
      'hour-does-not-exist'
    ],
    [
      'every Sunday night: one of them has the hour twice or not',
      aShift({
        when: { repeats: 'weekly', weekday: 7, from: '2026-01-05', until: null },
        start: '01:00',
        end: '04:00'
      }),
      'hour-does-not-exist'
    ],
    ['an end before the start', once('2026-06-01', '12:00', '11:00'), 'end-before-start'],
    ['an end at the start', once('2026-06-01', '12:00', '12:00'), 'end-before-start'],
    [
      'a last day before the first',
      aShift({ when: { repeats: 'weekly', weekday: 1, from: '2026-05-01', until: '2026-04-01' } }),
      'end-before-start'
    ],
    ['a slot longer than the shift', once('2026-06-01', '12:00', '12:15'), 'slot-does-not-fit'],
    ['a day in the past', once('2026-01-04', '12:00', '13:00'), 'date-in-past'],
    ['a day that is none', once('2026-02-30', '12:00', '13:00'), 'no-such-date'],
    ['a day far away', once('2028-01-01', '12:00', '13:00'), 'date-too-far'],
    ['a zone that is none', aShift({ zone: 'Europe/Atlantis' }), 'unknown-zone'],
    [
      'a house without an address',
      aShift(housed({ kind: 'house', address: '' })),
      'place-without-address'
    ],
    [
      'a drop-in without a name',
      aShift(housed({ kind: 'drop-in', name: '', address: 'Skolevej 1' })),
      'place-without-address'
    ],
    ['a walk from nowhere', aShift(housed({ kind: 'walk', address: '' })), 'place-without-address'],
    [
      'several seats for a conversation',
      aShift({ offer: { ...aShift().offer, seats: 3 } }),
      'seats-only-in-network'
    ]
  ])('%s', (_, shift, refusal) => {
    expect(checkShift(shift, [], [], now)).toBe(refusal);
  });

  test('two shifts of one counsellor that meet, in whatever zones, and of two that do not', () => {
    const tuesdays = aShift();
    const meets = [
      once('2026-06-02', '17:30', '18:30'),
      aShift({
        when: { repeats: 'weekly', weekday: 2, from: '2026-08-01', until: null },
        start: '14:00',
        end: '15:45'
      }),
      // 16:00 in Copenhagen.
      once('2026-06-02', '10:00', '11:00', { zone: 'America/New_York' })
    ];
    for (const one of meets) {
      expect(checkShift(one, [tuesdays], [], now)).toBe('shift-overlaps');
      expect(checkShift({ ...one, account: 'mikkel' }, [tuesdays], [], now)).toBeNull();
    }
    expect(checkShift(once('2026-06-02', '18:00', '19:00'), [tuesdays], [], now)).toBeNull();
    expect(checkShift({ ...tuesdays, end: '19:00' }, [tuesdays], [], now)).toBeNull();
  });
});

describe('Danish holidays', () => {
  // As the church's calendar and the almanac of the University of Copenhagen give them.
  test.each([
    [2024, '2024-03-31'],
    [2025, '2025-04-20'],
    [2026, '2026-04-05'],
    [2027, '2027-03-28'],
    [2030, '2030-04-21'],
    [2038, '2038-04-25'],
    [2285, '2285-03-22']
  ])('Easter of %i is on %s', (year, date) => {
    expect(easterSunday(year).toString()).toBe(date);
  });

  test('are thirteen days in order, without store bededag', () => {
    const days = danishHolidays(2026);
    expect(days.map(({ date }) => date)).toEqual([
      ...['2026-01-01', '2026-04-02', '2026-04-03', '2026-04-05', '2026-04-06', '2026-05-14'],
      ...['2026-05-24', '2026-05-25', '2026-06-05', '2026-12-24', '2026-12-25', '2026-12-26'],
      '2026-12-31'
    ]);
    expect(days.map(({ date }) => date)).not.toContain('2026-05-01');
  });
});
