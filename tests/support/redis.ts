import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { freePort } from './free-port.ts';

const volatileSettings = [
  ...['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'],
  ...['--slowlog-log-slower-than', '-1', '--crash-log-enabled', 'no']
];
const durableSettings = [
  ...['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''],
  ...['--slowlog-log-slower-than', '-1', '--crash-log-enabled', 'no']
];

const deployed = (name: string) =>
  readFileSync(new URL(`../../deploy/redis/${name}.conf`, import.meta.url), 'utf8');
const open = (url: string) => createClient({ url });

/** A redis-server of its own on loopback, which can be stopped, frozen, killed and started again. */
export class RedisServer {
  readonly port: number;
  readonly folder: string;
  private readonly settings: readonly string[];
  private readonly environment: Record<string, string>;
  private user = '';
  private child: ChildProcess | null = null;

  private constructor(
    port: number,
    folder: string,
    settings: readonly string[],
    environment: Record<string, string>
  ) {
    this.port = port;
    this.folder = folder;
    this.settings = settings;
    this.environment = environment;
  }

  static async start(
    kind: 'volatile' | 'durable',
    more: readonly string[] = [],
    environment: Record<string, string> = {}
  ): Promise<RedisServer> {
    const settings = [...(kind === 'volatile' ? volatileSettings : durableSettings), ...more];
    const folder = mkdtempSync(join(tmpdir(), 'frirum-redis-'));
    const server = new RedisServer(await freePort(), folder, settings, environment);
    await server.up();
    return server;
  }

  /** One that watches the master at `port` of this machine, which it calls `mymaster`. */
  static async sentinel(port: number, more: readonly string[] = []): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), 'frirum-redis-'));
    const file = join(folder, 'sentinel.conf');
    const lines = [
      `monitor mymaster 127.0.0.1 ${port} 2`,
      'down-after-milliseconds mymaster 500',
      'failover-timeout mymaster 3000',
      'parallel-syncs mymaster 2'
    ];
    writeFileSync(file, lines.map((line) => `sentinel ${line}\n`).join(''));
    const server = new RedisServer(await freePort(), folder, [file, '--sentinel', ...more], {});
    await server.up();
    return server;
  }

  /** With a configuration of `deploy/redis`; only port and folder differ. */
  static async deployed(
    kind: 'volatile' | 'durable',
    isInGroup = false,
    more: readonly string[] = []
  ): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), 'frirum-redis-'));
    const file = join(folder, 'redis.conf');
    const text = isInGroup ? deployed(kind) + deployed('group') : deployed(kind);
    // Redis goes to the folder as soon as it reads of it, and that one is of another machine.
    writeFileSync(file, text.replace(/^dir .*$/m, ''));
    const server = new RedisServer(await freePort(), folder, [file, ...more], {});
    server.user = 'frirum:change-me@';
    await server.up();
    return server;
  }

  /** The Sentinel of `deploy/redis`, of the master at `port` of this machine, and ten times as quick. */
  static async deployedSentinel(port: number): Promise<RedisServer> {
    const folder = mkdtempSync(join(tmpdir(), 'frirum-redis-'));
    const file = join(folder, 'sentinel.conf');
    const text = deployed('sentinel').replace('10.0.0.1 6380', `127.0.0.1 ${port}`);
    writeFileSync(file, text.replace(/^port .*$/m, '').replace(/000$/gm, '00'));
    const server = new RedisServer(await freePort(), folder, [file, '--sentinel'], {});
    await server.up();
    return server;
  }

  get url(): string {
    return `redis://${this.user}127.0.0.1:${this.port}`;
  }

  async up(): Promise<void> {
    const where = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder];
    // Valkey takes the same configuration.
    this.child = spawn(
      process.env['VALKEY_SERVER'] ?? 'redis-server',
      [...this.settings, ...where],
      {
        stdio: 'ignore',
        env: { PATH: process.env['PATH'], ...this.environment }
      }
    );
    await this.answers();
  }

  get isUp(): boolean {
    return this.child !== null;
  }

  /** As a power cut would: nothing is said, nothing is written. */
  async kill(): Promise<void> {
    const { child } = this;
    this.child = null;
    if (!child) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  freeze(): void {
    this.child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.child?.kill('SIGCONT');
  }

  async close(): Promise<void> {
    this.thaw();
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Redis commands for the test itself, on a connection of their own. */
  async ask<T>(question: (client: ReturnType<typeof open>) => Promise<T>): Promise<T> {
    const client = open(this.url);
    client.on('error', () => {});
    await client.connect();
    try {
      return await question(client);
    } finally {
      await client.close();
    }
  }

  private async answers(): Promise<void> {
    const until = Date.now() + 10_000;
    for (;;) {
      try {
        await this.ask((client) => client.ping());
        return;
      } catch (error) {
        if (Date.now() > until) throw error;
        await new Promise((soon) => setTimeout(soon, 30));
      }
    }
  }
}
