import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a good run ends with; times of delivery in microseconds. */
export interface LoadResult {
  readonly done: number;
  readonly seconds: number;
  readonly generatorCpu: number;
  readonly sent: number;
  readonly delivered: number;
  readonly acknowledged: number;
  readonly ackFramesPerMessage: number;
  readonly samples: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
  /** How late the generator itself was; part of the delivery times above. */
  readonly lateP99: number;
}

type LoadEvent =
  { readonly event: 'open' | 'close' | 'connected' } | ({ readonly event: 'result' } & LoadResult);

/** The C program of `load/`, compiled for this run. */
export class LoadGenerator {
  private readonly folder = mkdtempSync(join(tmpdir(), 'bench-load-'));
  private readonly program = join(this.folder, 'load');

  constructor() {
    const sources = fileURLToPath(new URL('load/', import.meta.url));
    const files = readdirSync(sources).filter((name) => name.endsWith('.c'));
    try {
      execFileSync('gcc', ['-O2', '-o', this.program, ...files.map((name) => join(sources, name))]);
    } catch (error) {
      this.remove();
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      throw isMissing
        ? new Error('The load generator needs a C compiler: apt-get install gcc libc6-dev')
        : error;
    }
  }

  start(settings: Readonly<Record<string, string | number>>, tokens: readonly string[]): LoadRun {
    const words = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(this.program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
    // A generator that fails early does not read its tokens; its exit code says so.
    child.stdin.on('error', () => {});
    child.stdin.end(tokens.join('\n'));
    return new LoadRun(child, createInterface({ input: child.stdout }));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** One run of the generator against one server. */
export class LoadRun {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterator<string>;

  constructor(child: ChildProcess, lines: AsyncIterable<string>) {
    this.child = child;
    this.lines = lines[Symbol.asyncIterator]();
  }

  private async next(): Promise<LoadEvent> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the load generator failed');
    return JSON.parse(value);
  }

  async until(name: 'open' | 'close' | 'connected'): Promise<void> {
    const { event } = await this.next();
    if (event !== name) throw new Error(`the load generator says ${event} before ${name}`);
  }

  async result(): Promise<LoadResult> {
    const last = await this.next();
    if (last.event !== 'result') throw new Error(`the load generator says ${last.event}`);
    return last;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill();
    await ended;
  }
}
