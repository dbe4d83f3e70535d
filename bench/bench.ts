// `npm run bench -- --json FILE`: the product beside its peers, in one run.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { contenders, measures, type Contender, type Measure } from './contenders.ts';
import { growthLines, measureGrowth, type Growth } from './growth.ts';
import { judge, summarise, type Measurement } from './figures.ts';
import { LoadGenerator } from './load-generator.ts';
import { measure } from './measure.ts';
import { Patience } from './patience.ts';
import { goalLines, progressLine, table } from './report.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'string' },
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '4' },
    only: { type: 'string' },
    measures: { type: 'string' },
    window: { type: 'string', default: '4' },
    idle: { type: 'string', default: '5000' }
  }
});
const settings = {
  conversations: 500,
  window: Number(values.window),
  rate: 1000,
  seconds: Number(values.seconds),
  idleClients: Number(values.idle)
};
const rounds = Number(values.rounds);
const chosen = values.only?.split(',');
const chosenMeasures = values.measures?.split(',');

const entered = contenders.filter(({ name }) => chosen?.includes(name) ?? true);
const absent = new Set<Contender>();
const measurements: Measurement[] = [];
const startedAt = new Date();
const generator = new LoadGenerator();
const patience = new Patience(120_000);
const growthRounds = Math.min(rounds, 3);
let growth: Growth[] = [];

try {
  for (let round = 1; round <= rounds; round += 1)
    for (const what of measures)
      if (chosenMeasures?.includes(what) ?? true) await measureAll(what, round);
  if (chosen?.includes('growth') ?? true)
    growth = await measureGrowth({
      ...{ generator, patience, rounds: growthRounds, seconds: settings.seconds }
    });
} finally {
  generator.remove();
}

const summaries = entered
  .filter((contender) => !absent.has(contender))
  .map(({ name }) => summarise(measurements, name));
const summaryOf = (name: string) => summaries.find(({ contender }) => contender === name);
const goals = judge(summaryOf('frirum'), summaryOf('frirum two nodes'));
const busy = summaries.reduce((sum, { machineBusy }) => sum + machineBusy, 0);
if (busy > 0) console.log(`\n${busy} measurements were taken beside other work: do not trust them`);
if (summaries.length > 0) console.log(`\n${table(summaries)}\n\n${goalLines(goals)}`);
if (growth.length > 0) console.log(`\n${growthLines(growth)}`);
if (values.json) writeFileSync(values.json, `${JSON.stringify(figures(), null, 2)}\n`);

/** One measure of every contender, close together in time and in an order of its own. */
async function measureAll(what: Measure, round: number): Promise<void> {
  for (const contender of shuffled(entered)) {
    if (absent.has(contender) || !contender.measures.includes(what)) continue;
    await patience.untilQuiet();
    const found = await measure(contender, what, { generator, settings });
    if (!found) {
      absent.add(contender);
      console.log(`${contender.name} cannot start here and is left out`);
      continue;
    }
    const measurement = {
      round,
      measure: what,
      contender: contender.name,
      figures: found
    } as Measurement;
    measurements.push(measurement);
    console.log(progressLine(measurement));
  }
}

/** Fisher and Yates. */
function shuffled<T>(all: readonly T[]): T[] {
  const mixed: T[] = [];
  for (const one of all) mixed.splice(Math.floor(Math.random() * (mixed.length + 1)), 0, one);
  return mixed;
}

function figures() {
  return {
    startedAt: startedAt.toISOString(),
    minutes: (Date.now() - startedAt.getTime()) / 60_000,
    node: process.version,
    cpu: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    rounds,
    settings,
    summaries,
    goals,
    growth,
    measurements
  };
}
