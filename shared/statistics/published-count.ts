/** How a count is shown: `<5` is too small to say, `hidden` would give such a one away. */
export type Shown = number | '<5' | 'hidden';

const smallest = 5;
const step = 5;

/** A count as anybody may see it: exact for the whole service, rounded to 5 below it, never under 5. */
export function publishedCount(count: number, level: 'whole-service' | 'below'): number | '<5' {
  if (count < smallest) return '<5';
  return level === 'whole-service' ? count : Math.round(count / step) * step;
}

/**
 * One count of a table, between the two sums it is part of: what comes into a sum by one row goes out by
 * the others. So a table is a net of sums, and a count can be another one exactly if it lies on a ring of
 * counts that can all change with it.
 */
export interface Cell {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** No reader would believe more, whatever the table says. */
  readonly most: number;
}

type Published = ReadonlyMap<string, Shown>;

/**
 * Shows counts so that no hidden one can be computed from the shown, even by a reader who knows that the
 * small are 0 to 4, the others 5 or more, and what the shown were before they were rounded. Where one
 * could be, its smallest neighbour is hidden as well; where that does not help, the whole table.
 * @param cells every table has at least two
 */
export function publish(cells: readonly Cell[]): Published {
  return new Map(netsOf(cells).flatMap((net) => [...publishNet(net)]));
}

function publishNet(net: readonly Cell[]): Published {
  const shown = new Map<string, Shown>(
    net.map(({ name, count }) => [name, publishedCount(count, 'below')])
  );
  for (;;) {
    const told = net.find(
      (cell) => typeof shown.get(cell.name) !== 'number' && isComputable(cell, net, shown)
    );
    if (!told || isBlank(shown)) return shown;
    const next = smallestNeighbour(told, net, shown);
    for (const { name } of next ? [next] : net) shown.set(name, 'hidden');
  }
}

const isBlank = (shown: Published): boolean =>
  [...shown.values()].every((value) => value === 'hidden');

/** What a reader knows of a hidden cell. In a table that shows nothing, `hidden` may also be small. */
function boundsOf({ name, most }: Cell, shown: Published): readonly [least: number, most: number] {
  if (shown.get(name) === '<5') return [0, Math.min(smallest - 1, most)];
  return [isBlank(shown) ? 0 : smallest, most];
}

/** Whether a reader who thinks hard knows this count: no ring through it can turn, either way. */
function isComputable(cell: Cell, net: readonly Cell[], shown: Published): boolean {
  const others = net
    .filter((other) => other !== cell && typeof shown.get(other.name) !== 'number')
    .map((other) => ({ ...other, bounds: boundsOf(other, shown) }));
  const leads = (start: string, end: string): boolean => {
    const reached = new Set([start]);
    // A set that grows while it is walked is walked to its new end.
    for (const sum of reached)
      for (const { from, to, count, bounds } of others) {
        if (from === sum && count < bounds[1]) reached.add(to);
        if (to === sum && count > bounds[0]) reached.add(from);
      }
    return reached.has(end);
  };
  const [least, most] = boundsOf(cell, shown);
  const mayBeMore = cell.count < most && leads(cell.to, cell.from);
  const mayBeLess = cell.count > least && leads(cell.from, cell.to);
  return !mayBeMore && !mayBeLess;
}

/** The smallest shown count that shares a sum; else the smallest of all. */
function smallestNeighbour(cell: Cell, net: readonly Cell[], shown: Published): Cell | undefined {
  const showing = net.filter(({ name }) => typeof shown.get(name) === 'number');
  const ends = [cell.from, cell.to];
  const beside = showing.filter(({ from, to }) => ends.includes(from) || ends.includes(to));
  return (beside.length > 0 ? beside : showing).toSorted((one, two) => one.count - two.count)[0];
}

/** The cells that hang together by their sums. */
function netsOf(cells: readonly Cell[]): readonly (readonly Cell[])[] {
  const [first] = cells;
  if (!first) return [];
  const sums = new Set<string>();
  for (let added: readonly Cell[] = [first]; added.length > 0;) {
    for (const { from, to } of added) sums.add(from).add(to);
    added = cells.filter(({ from, to }) => sums.has(from) !== sums.has(to));
  }
  const isHere = ({ from }: Cell) => sums.has(from);
  return [cells.filter(isHere), ...netsOf(cells.filter((cell) => !isHere(cell)))];
}
