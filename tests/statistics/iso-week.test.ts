import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { isoWeekOf } from '#shared/statistics/iso-week.ts';
import { isOver, periodOf } from '#shared/statistics/period.ts';

describe('the week', () => {
  test.each([
    ['2026-01-01T12:00+01:00', '2026-W01'],
    ['2027-01-03T23:59:59.999+01:00', '2026-W53'],
    ['2027-01-04T00:00+01:00', '2027-W01'],
    ['2024-12-30T00:00+01:00', '2025-W01'],
    // In summer Monday begins in Denmark at 22:00 of UTC.
    ['2026-07-05T21:59:59Z', '2026-W27'],
    ['2026-07-05T22:00:00Z', '2026-W28'],
    // The Sundays on which the clocks change.
    ['2026-03-29T23:59+02:00', '2026-W13'],
    ['2026-10-25T02:30+02:00', '2026-W43'],
    ['2026-10-25T02:30+01:00', '2026-W43'],
    ['2026-10-26T00:00+01:00', '2026-W44']
  ])('%s is in %s', (moment, week) => {
    expect(isoWeekOf(Date.parse(moment))).toBe(week);
  });

  test('is the one that Temporal says, at any moment of a century', () => {
    const [from, to] = [Date.UTC(1990, 0), Date.UTC(2090, 0)];
    fc.assert(
      fc.property(fc.integer({ min: from, max: to }), (now) => {
        const there =
          Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO('Europe/Copenhagen');
        const week = String(there.weekOfYear).padStart(2, '0');
        expect(isoWeekOf(now)).toBe(`${there.yearOfWeek}-W${week}`);
      }),
      { numRuns: 2000 }
    );
  });
});

describe('a period', () => {
  test.each([
    ['2026-W01', '2026-W01', '2026-W04'],
    ['2026-W04', '2026-W01', '2026-W04'],
    ['2026-W05', '2026-W05', '2026-W08'],
    ['2026-W49', '2026-W49', '2026-W53'],
    ['2026-W53', '2026-W49', '2026-W53'],
    ['2027-W01', '2027-W01', '2027-W04']
  ])('with %s in it goes from %s to %s', (week, first, last) => {
    expect(periodOf(week)).toEqual({ first, last });
  });

  test('is over when its last week is', () => {
    expect(isOver(periodOf('2026-W05'), '2026-W08')).toBe(false);
    expect(isOver(periodOf('2026-W05'), '2026-W09')).toBe(true);
    // 2025 has no week 53.
    expect(isOver(periodOf('2025-W52'), '2026-W01')).toBe(true);
  });
});
