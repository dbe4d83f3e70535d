import type { Measure } from './contenders.ts';
import type { Figures, IdleFigures, TrafficFigures } from './measure.ts';

export type Measurement = { readonly round: number; readonly contender: string } & (
  | { readonly measure: 'saturated' | 'paced'; readonly figures: TrafficFigures }
  | { readonly measure: 'idle'; readonly figures: IdleFigures }
);

/** A generator busier than this might be what is measured. */
const busiestGenerator = 0.85;
/** Other work that takes more of the machine than this makes times of delivery worthless. */
const busiestOthers = 0.25;

export const isGeneratorBusy = (figures: Figures): boolean =>
  'generatorShare' in figures && figures.generatorShare > busiestGenerator;

export const isMachineBusy = (figures: Figures): boolean =>
  'otherShare' in figures && figures.otherShare > busiestOthers;

export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[sorted.length >> 1];
  const lower = sorted[(sorted.length - 1) >> 1];
  return upper === undefined || lower === undefined ? null : (lower + upper) / 2;
}

/** The number a measure is about. */
type Figure = {
  readonly measure: Measure;
  readonly of: keyof TrafficFigures | keyof IdleFigures;
};

const values = (all: readonly Measurement[], contender: string, { measure, of }: Figure) =>
  all.flatMap((one) => {
    if (one.contender !== contender || one.measure !== measure) return [];
    const value = (one.figures as unknown as Record<string, unknown>)[of];
    return typeof value === 'number' ? [{ round: one.round, value }] : [];
  });

export const medianOf = (all: readonly Measurement[], contender: string, figure: Figure) =>
  median(values(all, contender, figure).map(({ value }) => value));

/** The median of the ratios that were each taken inside one round, against the same weather. */
export function medianRatio(
  all: readonly Measurement[],
  contender: string,
  peer: string,
  figure: Figure
): number | null {
  const theirs = new Map(values(all, peer, figure).map(({ round, value }) => [round, value]));
  return median(
    values(all, contender, figure).flatMap(({ round, value }) => {
      const other = theirs.get(round);
      return other === undefined ? [] : [value / other];
    })
  );
}

const perCpuSecond: Figure = { measure: 'saturated', of: 'messagesPerCpuSecond' };
const p50: Figure = { measure: 'paced', of: 'p50' };
const p99: Figure = { measure: 'paced', of: 'p99' };
const memory: Figure = { measure: 'idle', of: 'bytesPerClient' };

const countOf = (
  all: readonly Measurement[],
  contender: string,
  isMarked: (figures: Figures) => boolean
) => all.filter((one) => one.contender === contender && isMarked(one.figures)).length;

/** Everything the table shows of one contender; null: not measured. */
export const summarise = (all: readonly Measurement[], contender: string) => ({
  contender,
  messagesPerCpuSecond: medianOf(all, contender, perCpuSecond),
  toSocketIo: medianRatio(all, contender, 'socket.io', perCpuSecond),
  toSocketIoNodes: medianRatio(all, contender, 'socket.io two nodes', perCpuSecond),
  toProsody: medianRatio(all, contender, 'prosody', perCpuSecond),
  toRawWs: medianRatio(all, contender, 'raw-ws', perCpuSecond),
  p50: medianOf(all, contender, p50),
  p99: medianOf(all, contender, p99),
  p99ToRawWs: medianRatio(all, contender, 'raw-ws', p99),
  p99ToSocketIoNodes: medianRatio(all, contender, 'socket.io two nodes', p99),
  bytesPerIdleVisitor: medianOf(all, contender, memory),
  generatorShare: medianOf(all, contender, { measure: 'saturated', of: 'generatorShare' }),
  serverShare: medianOf(all, contender, { measure: 'saturated', of: 'serverShare' }),
  generatorBusy: countOf(all, contender, isGeneratorBusy),
  machineBusy: countOf(all, contender, isMachineBusy)
});
export type Summary = ReturnType<typeof summarise>;

/** What the product is to reach; null: not measured in this run. */
export function judge(frirum: Summary | undefined, twoNodes: Summary | undefined) {
  const goal = (
    name: string,
    value: number | null | undefined,
    reached: (v: number) => boolean
  ) => ({
    name,
    value: value ?? null,
    isReached: value === null || value === undefined ? null : reached(value)
  });
  return [
    goal(
      'messages per CPU second, to plain Socket.IO: at least 1.5',
      frirum?.toSocketIo,
      (v) => v >= 1.5
    ),
    goal('messages per CPU second, to Prosody: at least 5', frirum?.toProsody, (v) => v >= 5),
    goal('p99 of delivery, to raw ws: at most 1.5', frirum?.p99ToRawWs, (v) => v <= 1.5),
    goal('bytes per idle visitor: at most 20,000', frirum?.bytesPerIdleVisitor, (v) => v <= 20_000),
    goal(
      'two nodes, messages per CPU second, to Socket.IO with the Redis adapter: at least 1.5',
      twoNodes?.toSocketIoNodes,
      (v) => v >= 1.5
    ),
    goal(
      'two nodes, p99 of delivery, to Socket.IO with the Redis adapter: below 1',
      twoNodes?.p99ToSocketIoNodes,
      (v) => v < 1
    )
  ];
}
