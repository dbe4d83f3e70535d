import { setTimeout as sleep } from 'node:timers/promises';
import { ContenderProcess } from './contender-process.ts';
import type { Contender, Measure } from './contenders.ts';
import type { LoadGenerator, LoadResult } from './load-generator.ts';
import { cpuSeconds, machineCpuSeconds, residentBytes } from './process-cost.ts';

export interface Settings {
  readonly conversations: number;
  /** Messages of each sender under way at once, in the saturated measure. */
  readonly window: number;
  readonly rate: number;
  readonly seconds: number;
  readonly idleClients: number;
}

/** Shares are of one core. */
export interface TrafficFigures extends LoadResult {
  readonly serverCpu: number;
  readonly messagesPerCpuSecond: number;
  readonly serverShare: number;
  readonly generatorShare: number;
  readonly otherShare: number;
}

export interface IdleFigures {
  readonly clients: number;
  readonly bytesPerClient: number;
  readonly bytesPerClientBeforeCollecting: number;
  readonly isCollected: boolean;
  /** The part that is live JavaScript; null: not known of this server. */
  readonly heapBytesPerClient: number | null;
}

export type Figures = TrafficFigures | IdleFigures;

interface Needs {
  readonly generator: LoadGenerator;
  readonly settings: Settings;
}

/** @returns null when the contender cannot start on this machine. */
export async function measure(
  contender: Contender,
  what: Measure,
  { generator, settings }: Needs
): Promise<Figures | null> {
  const server = await ContenderProcess.start(contender, settings.conversations);
  if (!server) return null;
  try {
    return what === 'idle'
      ? await measureIdle(server, contender, generator, settings)
      : await measureTraffic(server, contender, what, generator, settings);
  } finally {
    await server.stop();
  }
}

const tokensOf = ({ ready }: ContenderProcess): string[] => (ready.conversations ?? []).flat();

async function measureTraffic(
  server: ContenderProcess,
  { dialect, window: ownWindow }: Contender,
  mode: 'saturated' | 'paced',
  generator: LoadGenerator,
  { conversations, window: usualWindow, rate, seconds }: Settings
): Promise<TrafficFigures> {
  const { port, otherPort, cookie } = server.ready;
  const window = ownWindow ?? usualWindow;
  const words = { dialect, mode, port, clients: conversations * 2, window, rate, seconds };
  const more = { ...(cookie && { cookie }), ...(otherPort && { 'other-port': otherPort }) };
  const run = generator.start({ ...words, ...more }, tokensOf(server));
  try {
    await run.until('open');
    const cpuBefore = cpuSeconds(server.pid);
    const machineBefore = machineCpuSeconds();
    await run.until('close');
    const serverCpu = cpuSeconds(server.pid) - cpuBefore;
    const machineCpu = machineCpuSeconds() - machineBefore;
    const result = await run.result();
    return {
      ...result,
      serverCpu,
      messagesPerCpuSecond: result.done / serverCpu,
      serverShare: serverCpu / result.seconds,
      generatorShare: result.generatorCpu / result.seconds,
      otherShare: Math.max(0, (machineCpu - serverCpu - result.generatorCpu) / result.seconds)
    };
  } finally {
    await run.stop();
  }
}

/** Few enough to weigh nothing, enough that every module and function is loaded once. */
const firstVisitors = 50;
const settling = 1500;

async function measureIdle(
  server: ContenderProcess,
  { dialect }: Contender,
  generator: LoadGenerator,
  { idleClients }: Settings
): Promise<IdleFigures> {
  const words = { dialect, mode: 'idle', port: server.ready.port };
  const warmUp = generator.start({ ...words, clients: firstVisitors }, []);
  try {
    await warmUp.until('connected');
  } finally {
    await warmUp.stop();
  }
  await sleep(settling);
  const heapBefore = await server.collectGarbage();
  await sleep(settling / 3);
  const before = residentBytes(server.pid);
  const run = generator.start({ ...words, clients: idleClients }, []);
  try {
    await run.until('connected');
    await sleep(settling);
    const uncollected = residentBytes(server.pid) - before;
    const heap = await server.collectGarbage();
    await sleep(settling / 3);
    return {
      clients: idleClients,
      bytesPerClient: (residentBytes(server.pid) - before) / idleClients,
      bytesPerClientBeforeCollecting: uncollected / idleClients,
      isCollected: server.canCollectGarbage,
      heapBytesPerClient:
        heap === null || heapBefore === null ? null : (heap - heapBefore) / idleClients
    };
  } finally {
    await run.stop();
  }
}
