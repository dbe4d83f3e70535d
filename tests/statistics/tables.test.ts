import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { counterOf, countersOf } from '#shared/statistics/counter.ts';
import {
  AboutAge,
  LengthBand,
  Onward,
  Substance,
  Theme,
  type Registration
} from '#shared/statistics/registration.ts';
import { publishedCounts } from '#shared/statistics/tables.ts';
import { VisitorKind } from '#shared/visitor/visitor.ts';

/** Values as they come in a small service: the first of a list often, the last hardly ever. */
const mostlyFirst = <Value>(values: readonly Value[]) =>
  fc
    .tuple(fc.nat(values.length - 1), fc.nat(values.length - 1), fc.nat(values.length - 1))
    .map((drawn) => values[Math.min(...drawn)] ?? values[0]) as fc.Arbitrary<Value>;

const aRegistration: fc.Arbitrary<Registration> = fc.record({
  kind: mostlyFirst(VisitorKind.options),
  age: mostlyFirst(AboutAge.options),
  themes: fc.uniqueArray(mostlyFirst(Theme.options), { maxLength: 4 }),
  substance: mostlyFirst(Substance.options),
  onward: mostlyFirst(Onward.options),
  length: mostlyFirst(LengthBand.options)
});

function counted(registrations: readonly (Registration | 'nothing')[]) {
  const counts = new Map<string, number>();
  for (const registration of registrations)
    for (const counter of countersOf(registration))
      counts.set(counter, (counts.get(counter) ?? 0) + 1);
  return (counter: string) => counts.get(counter) ?? 0;
}

/** How many of the registrations a published count is of. */
function trueCount(registrations: readonly Registration[], of: Record<string, string>): number {
  return registrations.filter(({ themes, ...rest }) => {
    const { theme, registered, ...others } = of;
    const fields: Record<string, string> = rest;
    return (
      (theme === undefined || themes.some((one) => one === theme)) &&
      registered !== 'nothing' &&
      Object.entries(others).every(([dimension, value]) => fields[dimension] === value)
    );
  }).length;
}

type Range = { least: number; most: number };

/** Every sum that holds among the published counts. */
function sums(): { whole: string; parts: string[] }[] {
  const whole = 'registered=something';
  const of = (...counts: Record<string, string>[]) => counts.map(counterOf);
  return [
    { whole, parts: of(...VisitorKind.options.map((kind) => ({ kind }))) },
    { whole, parts: of(...AboutAge.options.map((age) => ({ age }))) },
    { whole, parts: of(...Substance.options.map((substance) => ({ substance }))) },
    { whole, parts: of(...Onward.options.map((onward) => ({ onward }))) },
    { whole, parts: of(...LengthBand.options.map((length) => ({ length }))) },
    ...VisitorKind.options.map((kind) => ({
      whole: counterOf({ kind }),
      parts: of(...AboutAge.options.map((age) => ({ kind, age })))
    })),
    ...Substance.options.map((substance) => ({
      whole: counterOf({ substance }),
      parts: of(...AboutAge.options.map((age) => ({ substance, age })))
    })),
    ...Theme.options.map((theme) => ({
      whole: counterOf({ theme }),
      parts: of(...AboutAge.options.map((age) => ({ theme, age })))
    })),
    ...AboutAge.options.flatMap((age) => [
      {
        whole: counterOf({ age }),
        parts: of(...VisitorKind.options.map((kind) => ({ kind, age })))
      },
      {
        whole: counterOf({ age }),
        parts: of(...Substance.options.map((substance) => ({ substance, age })))
      }
    ])
  ];
}

/** What somebody finds who closes in on every sum from both ends until nothing changes. */
function closeIn(ranges: Map<string, Range>): void {
  const at = (name: string) => ranges.get(name) ?? { least: 0, most: 0 };
  const total = (parts: string[], end: keyof Range) =>
    parts.reduce((sum, part) => sum + at(part)[end], 0);
  const narrow = (name: string, least: number, most: number): boolean => {
    const range = at(name);
    if (least <= range.least && most >= range.most) return false;
    ranges.set(name, { least: Math.max(least, range.least), most: Math.min(most, range.most) });
    return true;
  };
  for (let isNarrowing = true; isNarrowing;) {
    isNarrowing = false;
    for (const { whole, parts } of sums()) {
      if (narrow(whole, total(parts, 'least'), total(parts, 'most'))) isNarrowing = true;
      for (const part of parts) {
        const others = parts.filter((one) => one !== part);
        const least = at(whole).least - total(others, 'most');
        if (narrow(part, least, at(whole).most - total(others, 'least'))) isNarrowing = true;
      }
    }
    for (const theme of Theme.options)
      for (const age of AboutAge.options)
        if (narrow(counterOf({ theme, age }), 0, at(counterOf({ age })).most)) isNarrowing = true;
  }
}

describe('what is published of a period', () => {
  test('is the whole service exactly, and the rest in fives', () => {
    const one: Registration = {
      kind: 'young',
      age: 'under-18',
      themes: ['home', 'school'],
      substance: 'cannabis',
      onward: 'unknown',
      length: '15-30'
    };
    const of = (age: Registration['age'], length: number) =>
      Array.from({ length }, () => ({ ...one, age }));
    const many = [...of('under-18', 20), ...of('18-24', 21), ...of('unknown', 11)];
    const counts = publishedCounts(counted([...many, 'nothing']));
    const shown = (what: object) =>
      counts.find((count) => counterOf(count.of) === counterOf(what))?.shown;
    expect(shown({ registered: 'something' })).toBe(52);
    expect(shown({ registered: 'nothing' })).toBe('<5');
    expect(shown({ theme: 'home' })).toBe(50);
    expect(AboutAge.options.map((age) => shown({ theme: 'home', age }))).toEqual([20, 20, 10]);
    expect(shown({ theme: 'money' })).toBe('<5');
  });

  test('is nothing but that it was little, of fewer than five', () => {
    const few = fc.sample(aRegistration, 4);
    expect(publishedCounts(counted(few))).toEqual([
      { of: { registered: 'something' }, shown: '<5' },
      { of: { registered: 'nothing' }, shown: '<5' }
    ]);
  });

  test('lets nobody compute what it hides', () => {
    let hidden = 0;
    fc.assert(
      fc.property(fc.array(aRegistration, { minLength: 5, maxLength: 250 }), (registrations) => {
        const counts = publishedCounts(counted(registrations));
        const whole = registrations.length;
        const isInnocent = (name: string) => !name.startsWith('registered');
        const ranges = new Map<string, Range>();
        for (const { of, shown } of counts) {
          const count = trueCount(registrations, of);
          const name = counterOf(of);
          if (name === 'registered=nothing') continue;
          if (name === 'registered=something') expect(shown).toBe(whole);
          else if (count < 5) expect(['<5', 'hidden']).toContain(shown);
          else expect([Math.round(count / 5) * 5, 'hidden']).toContain(shown);
          if (shown === '<5') ranges.set(name, { least: 0, most: 4 });
          else if (shown === 'hidden') ranges.set(name, { least: 0, most: whole });
          else ranges.set(name, { least: count, most: count });
        }
        closeIn(ranges);
        const found = counts.flatMap(({ of, shown }) => {
          const range = ranges.get(counterOf(of));
          const isFound = typeof shown !== 'number' && range?.least === range?.most;
          return range && isInnocent(counterOf(of)) && isFound ? [counterOf(of)] : [];
        });
        expect(found).toEqual([]);
        hidden += counts.filter(({ shown }) => shown === 'hidden').length;
      }),
      { numRuns: 150 }
    );
    expect(hidden).toBeGreaterThan(100);
  }, 60_000);
});
