import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { compiled, furnish } from './fresh-house.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The service as its own process, to be killed and started again on the same port and data. */
export class ServerProcess {
  readonly port: number;
  readonly data = mkdtempSync(join(tmpdir(), 'frirum-'));
  /** Everything it printed, in all its lives. */
  output = '';
  private child: ChildProcess | null = null;
  private readonly environment: Record<string, string>;

  private constructor(port: number, environment: Record<string, string>) {
    this.port = port;
    this.environment = environment;
  }

  static async start(environment: Record<string, string> = {}): Promise<ServerProcess> {
    const server = new ServerProcess(await freePort(), environment);
    server.furnish();
    await server.start();
    return server;
  }

  /** Forgets all that has happened, and starts again at the same address. */
  async startAnew(): Promise<void> {
    await this.remove();
    mkdirSync(this.data);
    this.furnish();
    await this.start();
  }

  private furnish(): void {
    // Other settings may make another house.
    const names = Object.keys(this.environment);
    if (names.every((name) => name === 'FRIRUM_SILENCE')) furnish(this.data);
  }

  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  get isAlive(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null;
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error('the server does not run');
    return this.child.pid;
  }

  /** Bytes in use on its heap, after a full collection. */
  async heap(): Promise<number> {
    return (await this.ask<{ heap: number }>({ ask: 'heap' })).heap;
  }

  /** Writes the heap to `file`, and what its buffers hold to `file.bytes`. */
  async heapSnapshot(file: string): Promise<string> {
    return (await this.ask<{ file: string }>({ ask: 'snapshot', file })).file;
  }

  password(signIn: string): string {
    const { accounts } = JSON.parse(readFileSync(join(this.data, 'try-out.json'), 'utf8'));
    const account = accounts.find((one: { signIn: string }) => one.signIn === signIn);
    return account.password;
  }

  async start(): Promise<void> {
    const inside = new URL('inside.ts', import.meta.url).href;
    const child = spawn(process.execPath, ['--expose-gc', '--import', inside, 'server/main.ts'], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env: {
        PATH: process.env.PATH,
        ...compiled(),
        PORT: String(this.port),
        FRIRUM_DATA: this.data,
        ...this.environment
      }
    });
    this.child = child;
    await new Promise<void>((resolve, reject) => {
      const read = (chunk: Buffer) => {
        this.output += chunk.toString();
        if (chunk.includes('Frirum is ready')) resolve();
      };
      child.stdout?.on('data', read);
      child.stderr?.on('data', read);
      child.once('exit', (status) => reject(new Error(`ended with ${status}: ${this.output}`)));
    });
  }

  /** As a power failure of the process would: no goodbye. */
  kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (!child || !this.isAlive) return Promise.resolve();
    return new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  }

  private ask<Told>(question: object): Promise<Told> {
    return new Promise((resolve) => {
      this.child?.once('message', (told) => resolve(told as Told));
      this.child?.send(question);
    });
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }
}
