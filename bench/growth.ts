// What a message costs with more nodes, each with the same load.
import { ContenderProcess } from './contender-process.ts';
import { asStarted, type Contender } from './contenders.ts';
import { median } from './figures.ts';
import type { LoadGenerator } from './load-generator.ts';
import type { Patience } from './patience.ts';
import { cpuSeconds, machineCpuSeconds } from './process-cost.ts';

/** Of each node; low enough that four of them, a Redis and the generators have room on two cores. */
const perNode = { conversations: 100, rate: 200 };
const allowed = 0.15;

/**
 * Together: both parties of a conversation are at one node. Apart: they are at the two nodes of a pair.
 * Either is the same way for a message however many nodes there are, so that like is compared with like.
 */
const ways = [
  { way: 'together', nodes: [1, 2, 4] },
  { way: 'apart', nodes: [2, 4] }
] as const;
type Way = (typeof ways)[number]['way'];

/** Microseconds of CPU for each message that was delivered and told. */
export interface Growth {
  readonly way: Way;
  readonly nodes: number;
  readonly messagesPerSecond: number;
  readonly nodesMicroseconds: number;
  readonly redisMicroseconds: number;
  /** All of it, as a share more than with the fewest nodes of the same way. */
  readonly grows: number;
  /** Rounds in which other work took more than a quarter of a core. */
  readonly machineBusy: number;
}

interface Round extends Omit<Growth, 'grows' | 'machineBusy'> {
  readonly isMachineBusy: boolean;
}

interface Needs {
  readonly generator: LoadGenerator;
  readonly patience: Patience;
  readonly rounds: number;
  readonly seconds: number;
}

export async function measureGrowth({ patience, rounds, ...needs }: Needs): Promise<Growth[]> {
  const measured: Round[] = [];
  for (let round = 1; round <= rounds; round += 1)
    for (const { way, nodes } of ways)
      for (const many of nodes) {
        await patience.untilQuiet();
        const one = await measureOnce(way, many, needs);
        if (!one) return [];
        measured.push(one);
        console.log(
          `round ${round}  growth     ${many} nodes, ${way.padEnd(8)} ${line(one)}${one.isMachineBusy ? '  MACHINE BUSY' : ''}`
        );
      }
  return ways.flatMap(({ way, nodes }) =>
    nodes.map((many) => {
      const of = (count: number) =>
        measured.filter((one) => one.way === way && one.nodes === count);
      const middle = (count: number, key: keyof Round) =>
        median(of(count).map((one) => Number(one[key]))) ?? NaN;
      const cost = (count: number) =>
        middle(count, 'nodesMicroseconds') + middle(count, 'redisMicroseconds');
      return {
        ...{ way, nodes: many, messagesPerSecond: middle(many, 'messagesPerSecond') },
        nodesMicroseconds: middle(many, 'nodesMicroseconds'),
        redisMicroseconds: middle(many, 'redisMicroseconds'),
        grows: cost(many) / cost(nodes[0]) - 1,
        machineBusy: of(many).filter(({ isMachineBusy }) => isMachineBusy).length
      };
    })
  );
}

export function growthLines(all: readonly Growth[]): string {
  return all
    .map((one) => {
      const fewest = all.find(({ way }) => way === one.way);
      const verdict = one.grows < allowed ? 'reached' : 'MISSED';
      const grown = `${(one.grows * 100).toFixed(1)} % more than with ${fewest?.nodes}, ${verdict}`;
      const busy = one.machineBusy > 0 ? `; ${one.machineBusy} rounds beside other work` : '';
      const head = `growth, ${one.nodes} nodes ${one.way}: ${line(one)}`;
      return `${head}${one === fewest ? '' : `; ${grown}`}${busy}`;
    })
    .join('\n');
}

const line = (one: Pick<Growth, 'nodesMicroseconds' | 'redisMicroseconds' | 'messagesPerSecond'>) =>
  `${one.nodesMicroseconds.toFixed(0)} µs of nodes and ${one.redisMicroseconds.toFixed(0)} µs of Redis ` +
  `a message, ${one.messagesPerSecond.toFixed(0)} a second`;

async function measureOnce(
  way: Way,
  nodes: number,
  { generator, seconds }: Pick<Needs, 'generator' | 'seconds'>
): Promise<Round | null> {
  const contender: Contender = {
    ...{ name: `frirum ${nodes} nodes`, file: 'frirum-growth.ts', dialect: 'frirum', measures: [] },
    ...{ nodes, nodeOptions: asStarted }
  };
  const server = await ContenderProcess.start(contender, nodes * perNode.conversations);
  if (!server) return null;
  const { ports = [], redisPid = 0, cookie = '', conversations = [] } = server.ready;
  const perGenerator = way === 'apart' ? 2 : 1;
  const many = perNode.conversations * perGenerator;
  const runs = Array.from({ length: nodes / perGenerator }, (_, at) => {
    const port = ports[at * perGenerator] ?? 0;
    const otherPort = ports[at * perGenerator + perGenerator - 1] ?? port;
    const load = { clients: many * 2, window: 4, rate: perNode.rate * perGenerator, seconds };
    return generator.start(
      { dialect: 'frirum', mode: 'paced', port, 'other-port': otherPort, cookie, ...load },
      conversations.slice(at * many, (at + 1) * many).flat()
    );
  });
  const spent = () => {
    const redis = cpuSeconds(redisPid);
    return { redis, nodes: cpuSeconds(server.pid) - redis, at: performance.now() };
  };
  try {
    await Promise.all(runs.map((run) => run.until('open')));
    const machineBefore = machineCpuSeconds();
    const before = spent();
    await Promise.all(runs.map((run) => run.until('close')));
    const after = spent();
    const machineCpu = machineCpuSeconds() - machineBefore;
    const results = await Promise.all(runs.map((run) => run.result()));
    // Generators open a moment apart: what they deliver in a second is what is known exactly.
    const messagesPerSecond = results.reduce((sum, { done, seconds }) => sum + done / seconds, 0);
    const elapsed = (after.at - before.at) / 1000;
    const each = (from: number, until: number) =>
      ((until - from) * 1e6) / (messagesPerSecond * elapsed);
    const generators = results.reduce((sum, { generatorCpu }) => sum + generatorCpu, 0);
    const own = after.nodes + after.redis - before.nodes - before.redis;
    return {
      ...{ way, nodes, messagesPerSecond },
      nodesMicroseconds: each(before.nodes, after.nodes),
      redisMicroseconds: each(before.redis, after.redis),
      isMachineBusy: (machineCpu - own - generators) / elapsed > 0.25
    };
  } finally {
    await Promise.all(runs.map((run) => run.stop()));
    await server.stop();
  }
}
