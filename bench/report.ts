import {
  isGeneratorBusy,
  isMachineBusy,
  type judge,
  type Measurement,
  type Summary
} from './figures.ts';

const whole = (value: number | null): string =>
  value === null ? '–' : Math.round(value).toLocaleString('en');
const ratio = (value: number | null): string => (value === null ? '–' : value.toFixed(2));

export function progressLine({ round, contender, measure, figures }: Measurement): string {
  const head = `round ${round}  ${measure.padEnd(9)}  ${contender.padEnd(19)}`;
  if ('bytesPerClient' in figures) {
    const state = figures.isCollected ? 'after gc' : 'no gc';
    return `${head} ${whole(figures.bytesPerClient)} bytes a client (${state})`;
  }
  const what =
    measure === 'saturated'
      ? `${whole(figures.messagesPerCpuSecond)} messages a CPU second`
      : `p50 ${whole(figures.p50)} µs, p99 ${whole(figures.p99)} µs`;
  const shares = `server ${ratio(figures.serverShare)}, generator ${ratio(figures.generatorShare)}, others ${ratio(figures.otherShare)} of a core`;
  return `${head} ${what}; ${shares}${isGeneratorBusy(figures) ? '  GENERATOR BUSY' : ''}${isMachineBusy(figures) ? '  MACHINE BUSY' : ''}`;
}

const columns: readonly (readonly [string, (one: Summary) => string])[] = [
  ['relay', (one) => one.contender],
  ['messages per CPU s', (one) => whole(one.messagesPerCpuSecond)],
  ['to socket.io', (one) => ratio(one.toSocketIo)],
  ['to socket.io nodes', (one) => ratio(one.toSocketIoNodes)],
  ['to prosody', (one) => ratio(one.toProsody)],
  ['to raw ws', (one) => ratio(one.toRawWs)],
  ['p50 µs', (one) => whole(one.p50)],
  ['p99 µs', (one) => whole(one.p99)],
  ['p99 to raw ws', (one) => ratio(one.p99ToRawWs)],
  ['bytes per idle', (one) => whole(one.bytesPerIdleVisitor)],
  ['server, core', (one) => ratio(one.serverShare)],
  ['generator, core', (one) => ratio(one.generatorShare)]
];

/** A Markdown table, to print and to paste. */
export function table(summaries: readonly Summary[]): string {
  const rows = [
    columns.map(([title]) => title),
    ...summaries.map((one) => columns.map(([, show]) => show(one)))
  ];
  const widths = columns.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [head, widths.map((width) => '-'.repeat(width)), ...body].map(line).join('\n');
}

const verdicts = new Map([
  [true, 'reached'],
  [false, 'MISSED'],
  [null, 'not measured']
]);

export const goalLines = (goals: ReturnType<typeof judge>): string =>
  goals
    .map(
      ({ name, value, isReached }) =>
        `${name}: ${value?.toLocaleString('en', { maximumFractionDigits: 3 }) ?? '–'}, ${verdicts.get(isReached)}`
    )
    .join('\n');
