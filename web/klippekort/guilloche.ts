/** Lines as banknotes and tickets have them: cheap to draw, and no two neighbours run alike. */

const round = (value: number): number => Math.round(value * 10) / 10;

const LENGTH = 66;
const ROWS = 8;
const GAP = 5.5;

/** The tile of the printed waves; it joins itself on all four sides. */
export const waveTile = { width: LENGTH, height: ROWS * GAP } as const;

/** Rows of one wave, each a little further along than the one above. */
export const waves: string = Array.from({ length: ROWS + 2 }, (_, row) => {
  const third = LENGTH / 6;
  const wave = `c${third}-7 ${2 * third}-7 ${3 * third} 0s${2 * third} 7 ${3 * third} 0`;
  const start = ((row / ROWS) % 1) * LENGTH - LENGTH;
  return `M${round(start)} ${(row - 0.5) * GAP}${wave.repeat(2)}`;
}).join('');

/** Ellipses turned around one centre: the rosette under each clip. */
export function rosette(long: number, short: number, count: number): string {
  return Array.from({ length: count }, (_, index) => {
    const turn = (index / count) * 180;
    const angle = (turn * Math.PI) / 180;
    const x = round(long * Math.cos(angle));
    const y = round(long * Math.sin(angle));
    const half = `A${long} ${short} ${round(turn)} 1 0`;
    return `M${x} ${y}${half} ${-x} ${-y}${half} ${x} ${y}`;
  }).join('');
}
