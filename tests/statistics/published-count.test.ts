import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  publish,
  publishedCount,
  type Cell,
  type Shown
} from '#shared/statistics/published-count.ts';

describe('one count', () => {
  test.each([
    [0, '<5'],
    [4, '<5'],
    [5, 5],
    [7, 5],
    [8, 10],
    [12, 10],
    [13, 15],
    [997, 995]
  ] as const)('of %i below the whole service is %s', (count, shown) => {
    expect(publishedCount(count, 'below')).toBe(shown);
  });

  test('of the whole service is exact, and hidden under 5 as well', () => {
    expect(publishedCount(4, 'whole-service')).toBe('<5');
    expect(publishedCount(1013, 'whole-service')).toBe(1013);
  });
});

/** A table with its margins, or one row of it without; only the whole is known exactly. */
function tableOf(rows: readonly (readonly number[])[]): Cell[] {
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  const most = sum(rows.flat());
  const columns = rows[0]?.map((_, at) => sum(rows.map((row) => row[at] ?? 0))) ?? [];
  const cell = (name: string, from: string, to: string, count: number) => ({
    name,
    from,
    to,
    count,
    most
  });
  if (rows.length === 1)
    return rows.flat().map((count, c) => cell(`r0c${c}`, 'all', 'every', count));
  return [
    ...rows.map((row, r) => cell(`r${r}`, 'all', `row ${r}`, sum(row))),
    ...columns.map((count, c) => cell(`c${c}`, `column ${c}`, 'every', count)),
    ...rows.flatMap((row, r) =>
      row.map((count, c) => cell(`r${r}c${c}`, `row ${r}`, `column ${c}`, count))
    )
  ];
}

type Range = readonly [least: number, most: number];

/** What a reader knows of a count by the way it is shown; of a shown one even what it was. */
function rangeOf(
  shown: Shown | undefined,
  count: number,
  total: number,
  nothingShown: boolean
): Range {
  if (shown === undefined) return [0, total];
  if (shown === '<5') return [0, Math.min(4, total)];
  return shown === 'hidden' ? [nothingShown ? 0 : 5, total] : [count, count];
}

/**
 * The reader who tries everything: every table there is with this whole, kept if it would be shown like
 * this. @returns for each count the numbers it has in one of them
 */
function everythingPossible(
  shown: ReadonlyMap<string, Shown>,
  table: readonly (readonly number[])[]
): ReadonlyMap<string, ReadonlySet<number>> {
  const [rows, columns] = [table.length, table[0]?.length ?? 0];
  const nothingShown = [...shown.values()].every((one) => one === 'hidden');
  const cells = tableOf(table);
  const range = (name: string): Range => {
    const count = cells.find((cell) => cell.name === name)?.count ?? 0;
    return rangeOf(shown.get(name), count, total(table), nothingShown);
  };
  const possible = new Map([...shown.keys()].map((name) => [name, new Set<number>()]));
  const fits = (count: number, [least, most]: Range) => count >= least && count <= most;
  const rowSums = Array.from({ length: rows }, () => 0);
  const columnSums = Array.from({ length: columns }, () => 0);
  const drawn: number[] = [];
  const go = (at: number, left: number): void => {
    const [r, c] = [Math.floor(at / columns), at % columns];
    if (c === 0 && r > 0 && !fits(rowSums[r - 1] ?? 0, range(`r${r - 1}`))) return;
    if (at === rows * columns) {
      if (left !== 0) return;
      if (!columnSums.every((sum, column) => fits(sum, range(`c${column}`)))) return;
      drawn.forEach((count, place) =>
        possible.get(`r${Math.floor(place / columns)}c${place % columns}`)?.add(count)
      );
      rowSums.forEach((sum, row) => possible.get(`r${row}`)?.add(sum));
      columnSums.forEach((sum, column) => possible.get(`c${column}`)?.add(sum));
      return;
    }
    const [least, most] = range(`r${r}c${c}`);
    for (let count = least; count <= Math.min(most, left); count += 1) {
      drawn.push(count);
      rowSums[r] = (rowSums[r] ?? 0) + count;
      columnSums[c] = (columnSums[c] ?? 0) + count;
      go(at + 1, left - count);
      drawn.pop();
      rowSums[r] = (rowSums[r] ?? 0) - count;
      columnSums[c] = (columnSums[c] ?? 0) - count;
    }
  };
  go(0, total(table));
  return possible;
}

/** The hidden counts that only one number fits. */
function computed(
  shown: ReadonlyMap<string, Shown>,
  table: readonly (readonly number[])[]
): string[] {
  const possible = everythingPossible(shown, table);
  return [...shown].flatMap(([name, value]) =>
    typeof value !== 'number' && possible.get(name)?.size === 1 ? [name] : []
  );
}

const total = (rows: readonly (readonly number[])[]) => rows.flat().reduce((a, b) => a + b, 0);
const smallTable = (rows: number, columns: number, most: number) =>
  fc
    .array(
      fc.array(fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: most })), {
        minLength: columns,
        maxLength: columns
      }),
      { minLength: rows, maxLength: rows }
    )
    .filter((table) => total(table) >= 5);

describe('a table', () => {
  test('with one small count alone in its row and column hides a second of each', () => {
    const shown = publish(
      tableOf([
        [3, 20, 40],
        [20, 30, 20],
        [40, 20, 30]
      ])
    );
    expect(shown.get('r0c0')).toBe('<5');
    const hidden = (names: string[]) =>
      names.filter((name) => typeof shown.get(name) !== 'number').length;
    expect(hidden(['r0', 'r0c1', 'r0c2'])).toBeGreaterThan(0);
    expect(hidden(['c0', 'r1c0', 'r2c0'])).toBeGreaterThan(0);
  });

  test('that needs none hides none', () => {
    const shown = publish(
      tableOf([
        [20, 30],
        [40, 50]
      ])
    );
    expect([...shown.values()].filter((value) => typeof value !== 'number')).toEqual([]);
  });

  test('says nothing at all where the whole would say everything', () => {
    const cells = ['a', 'b', 'c'].map((name) => ({
      name,
      from: 'all',
      to: 'every',
      count: name === 'a' ? 5 : 0,
      most: 5
    }));
    expect([...publish(cells).values()]).toEqual(['hidden', 'hidden', 'hidden']);
  });

  test.each([
    [1, 3, 14],
    [1, 4, 9],
    [2, 2, 16],
    [2, 3, 8],
    [3, 2, 7]
  ])(
    'of %i by %i: no hidden count can be found by trying everything',
    (rows, columns, most) => {
      fc.assert(
        fc.property(smallTable(rows, columns, most), (table) => {
          const shown = publish(tableOf(table));
          for (const [name, value] of shown) {
            const count = tableOf(table).find((cell) => cell.name === name)?.count ?? 0;
            if (count < 5) expect(['<5', 'hidden']).toContain(value);
            else expect([publishedCount(count, 'below'), 'hidden']).toContain(value);
          }
          expect(computed(shown, table)).toEqual([]);
        }),
        { numRuns: 60 }
      );
    },
    120_000
  );

  test('without a second one hidden would be found out, by the same reader', () => {
    const table = [[20, 12, 4]];
    const alone = new Map<string, Shown>(
      tableOf(table).map(({ name, count }) => [name, publishedCount(count, 'below')])
    );
    expect(computed(alone, table)).toContain('r0c2');
    const shown = publish(tableOf(table));
    expect(typeof shown.get('r0c0') === 'number' && typeof shown.get('r0c1') === 'number').toBe(
      false
    );
  });
});
