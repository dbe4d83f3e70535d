import { counterOf, type Counted } from './counter.ts';
import { publish, publishedCount, type Cell, type Shown } from './published-count.ts';
import { AboutAge, LengthBand, Onward, Substance, Theme } from './registration.ts';
import { VisitorKind } from '../visitor/visitor.ts';

/** One published count: of what, and how it is shown. Of nothing in particular: the whole service. */
export interface PublishedCount {
  readonly of: Counted;
  readonly shown: Shown;
}

/** @param counted how often each counter was counted in a period; @returns 0 for one that never was */
export type Counts = (counter: string) => number;

/**
 * All that is published of a period. Ages are a sum in two tables, so kinds, ages and substances are one
 * net: kinds flow into ages, ages into substances. When the whole is too small to say, nothing else is.
 */
export function publishedCounts(counts: Counts): readonly PublishedCount[] {
  const total = counts(counterOf({ registered: 'something' }));
  const wholes = (['something', 'nothing'] as const).map((registered) => ({
    of: { registered },
    shown: publishedCount(counts(counterOf({ registered })), 'whole-service')
  }));
  if (wholes[0]?.shown === '<5') return wholes;

  const tables = [
    ...AboutAge.options.flatMap((age) => [
      ...VisitorKind.options.map((kind) => flow(`kind ${kind}`, `age ${age}`, { kind, age })),
      ...Substance.options.map((substance) =>
        flow(`that age ${age}`, `substance ${substance}`, { substance, age })
      )
    ]),
    ...Onward.options.map((onward) => flow('onward', 'all onward', { onward })),
    ...LengthBand.options.map((length) => flow('length', 'all lengths', { length }))
  ].map((one) => ({ ...one, count: counts(counterOf(one.of)) }));
  const margins = [
    ...VisitorKind.options.map((kind) => flow('everybody', `kind ${kind}`, { kind })),
    ...AboutAge.options.map((age) => flow(`age ${age}`, `that age ${age}`, { age })),
    ...Substance.options.map((substance) =>
      flow(`substance ${substance}`, 'every substance', { substance })
    )
  ].map((one) => ({ ...one, count: sumOf(one, tables) }));

  const inOnePlace = [...margins, ...tables];
  const counted = [...inOnePlace, ...themeCells(counts, margins)];
  const shown = publish(
    counted.map((cell) => ({ most: total, ...cell, name: counterOf(cell.of) }))
  );
  return [
    ...wholes,
    ...counted.map(({ of }) => ({ of, shown: shown.get(counterOf(of)) ?? 'hidden' }))
  ];
}

interface Flow extends Pick<Cell, 'from' | 'to'> {
  readonly of: Counted;
}
type CountedFlow = Flow & { readonly count: number; readonly most?: number };

const flow = (from: string, to: string, of: Counted): Flow => ({ from, to, of });

/** What a margin stands for: what goes on from it, or else what has come to it. */
function sumOf({ from, to }: Flow, cells: readonly CountedFlow[]): number {
  const on = cells.filter((cell) => cell.from === to);
  const summed = on.length > 0 ? on : cells.filter((cell) => cell.to === from);
  return summed.reduce((sum, { count }) => sum + count, 0);
}

/**
 * A conversation may have several themes, so they sum up to nothing that is published; but it has one age,
 * and no theme can come up more often with an age than the age does.
 */
function themeCells(counts: Counts, ages: readonly CountedFlow[]): readonly CountedFlow[] {
  return Theme.options.flatMap((theme) => {
    const cells = AboutAge.options.map((age) => {
      const ofAge = ages.find(({ of }) => counterOf(of) === counterOf({ age }))?.count ?? 0;
      return {
        ...flow(`theme ${theme}`, `all of ${theme}`, { theme, age }),
        count: counts(counterOf({ theme, age })),
        // Where nobody came of an age, `<5` is what is shown, and one is what a reader may think.
        most: Math.max(ofAge, 1)
      };
    });
    const margin = flow(`all of ${theme}`, `theme ${theme}`, { theme });
    return [...cells, { ...margin, count: sumOf(margin, cells) }];
  });
}
