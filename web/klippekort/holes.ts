/** Where the clips are on the card, and the holes that a punch leaves. In units of the card's drawing. */

export const HOLE_RADIUS = 23;
/** From the middle of one clip to the next. */
const STEP = 57;
const MARGIN = 44.5;
export const ROW_HEIGHT = 68;

/** Room for five or more; fewer clips stand at the start of the row. */
export const rowWidth = (limit: number): number => 2 * MARGIN + (Math.max(limit, 5) - 1) * STEP;

export interface Clip {
  /** 1 is the first conversation. */
  readonly number: number;
  readonly x: number;
  readonly y: number;
  readonly isPunched: boolean;
}

export const clipsOf = (limit: number, clipsLeft: number): readonly Clip[] =>
  Array.from({ length: limit }, (_, index) => ({
    number: index + 1,
    x: MARGIN + index * STEP,
    y: ROW_HEIGHT / 2,
    isPunched: index < limit - clipsLeft
  }));

const at = ({ x, y }: Clip, radius: number, degrees: number): string => {
  const angle = (degrees * Math.PI) / 180;
  return `${(x + radius * Math.cos(angle)).toFixed(1)} ${(y + radius * Math.sin(angle)).toFixed(1)}`;
};

/** Every punch tears a little, each clip at a place of its own: from here on, in degrees. */
const tornFrom = ({ number }: Clip): number => 40 + number * 97;
const TORN = 64;
const tears = [0.97, 0.9, 0.955, 0.86, 0.93, 0.88, 0.96];

const tornPoints = (clip: Clip): string =>
  tears
    .map((depth, index) =>
      at(clip, HOLE_RADIUS * depth, tornFrom(clip) + ((index + 0.5) / tears.length) * TORN)
    )
    .join('L');

/** The whole outline of the hole, torn side included. */
export function holePath(clip: Clip): string {
  const start = at(clip, HOLE_RADIUS, tornFrom(clip) + TORN);
  const end = at(clip, HOLE_RADIUS, tornFrom(clip));
  return `M${start}A${HOLE_RADIUS} ${HOLE_RADIUS} 0 1 1 ${end}L${tornPoints(clip)}Z`;
}

/** The torn side alone, where the inside of the paper shows. */
export const tornEdge = (clip: Clip): string =>
  `M${at(clip, HOLE_RADIUS, tornFrom(clip))}L${tornPoints(clip)}L${at(clip, HOLE_RADIUS, tornFrom(clip) + TORN)}`;

/** A scrap of paper that still hangs on, on every other hole. */
export function hangingScrap(clip: Clip): string | null {
  if (clip.number % 2 === 0) return null;
  const from = tornFrom(clip) + TORN * 0.22;
  const [base, bend, tip, under, end] = [
    at(clip, HOLE_RADIUS * 0.97, from),
    at(clip, HOLE_RADIUS * 0.76, from - 1),
    at(clip, HOLE_RADIUS * 0.74, from + 15),
    at(clip, HOLE_RADIUS * 0.66, from + 29),
    at(clip, HOLE_RADIUS * 0.97, from + 33)
  ];
  return `M${base}Q${bend} ${tip}Q${under} ${end}Z`;
}

/** The paper: everything but the holes and the notches at both ends of the tear-off line. */
export function paperPath(limit: number, clips: readonly Clip[], reach: number): string {
  const width = rowWidth(limit);
  const notch = 8;
  const notches = [0, width].map(
    (x) =>
      `M${x - notch} ${ROW_HEIGHT + 10}a${notch} ${notch} 0 1 0 ${2 * notch} 0a${notch} ${notch} 0 1 0 ${-2 * notch} 0Z`
  );
  const holes = clips.filter(({ isPunched }) => isPunched).map(holePath);
  return `M-20-${reach}H${width + 20}V${reach + ROW_HEIGHT}H-20Z${notches.join('')}${holes.join('')}`;
}
