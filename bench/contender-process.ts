import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Contender } from './contenders.ts';
import type { ReadyLine } from './ready-line.ts';

/** Milliseconds from its start to its ready line. */
const startLimit = 20_000;

/** A contender's server, running in a process of its own. */
export class ContenderProcess {
  readonly ready: ReadyLine;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, ready: ReadyLine) {
    this.child = child;
    this.ready = ready;
  }

  /** @returns null when the contender cannot start here; it has said why. */
  static async start(
    { file, nodes = 1, nodeOptions = [] }: Contender,
    conversations: number
  ): Promise<ContenderProcess | null> {
    const child = fork(new URL(`contenders/${file}`, import.meta.url), [], {
      execArgv: [
        ...nodeOptions,
        '--expose-gc',
        '--import',
        new URL('obey-bench.ts', import.meta.url).href
      ],
      env: {
        ...process.env,
        NODE_ENV: 'production',
        BENCH_CONVERSATIONS: String(conversations),
        BENCH_NODES: String(nodes)
      },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc']
    });
    const late = setTimeout(() => child.kill('SIGKILL'), startLimit);
    for await (const line of createInterface({ input: child.stdout ?? process.stdin })) {
      if (!line.startsWith('{"port":')) continue;
      clearTimeout(late);
      child.stdout?.resume();
      return new ContenderProcess(child, JSON.parse(line));
    }
    clearTimeout(late);
    return null;
  }

  get pid(): number {
    return this.ready.pid ?? this.child.pid ?? 0;
  }

  /** Whether `collectGarbage` reaches the measured process: Prosody has its own ways. */
  get canCollectGarbage(): boolean {
    return this.ready.pid === undefined;
  }

  /** @returns the bytes in use on the JavaScript heap afterwards. */
  async collectGarbage(): Promise<number | null> {
    if (!this.canCollectGarbage) return null;
    this.child.send('collect');
    const [heapUsed] = await once(this.child, 'message');
    return Number(heapUsed);
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.disconnect();
    const late = setTimeout(() => this.child.kill('SIGKILL'), 2000);
    await ended;
    clearTimeout(late);
  }
}
