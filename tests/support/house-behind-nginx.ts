import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { Nginx } from './nginx.ts';
import type { RedisCluster } from './redis-kinds.ts';
import { RedisServer } from './redis.ts';
import { ServerProcess } from './server-process.ts';

/** What people come to first. */
interface Front {
  stop(): Promise<void>;
}
type BeginFront = (hosts: readonly string[], port: number) => Promise<Front>;
const nginx: BeginFront = (hosts, port) => Nginx.before(hosts, undefined, port);

/**
 * The service as an operator runs it: three node processes, two Redis, Debian's nginx in front. Nodes
 * listen on addresses of their own with nginx's port, so that for each of them the origin is its own.
 */
export class HouseBehindNginx {
  readonly nodes: ServerProcess[] = [];
  readonly volatile: RedisServer;
  readonly durable: RedisServer;
  /** Holds the conversations in place of the one server, where a test has one. */
  readonly cluster: RedisCluster | null;
  readonly port: number;
  private readonly data = mkdtempSync(join(tmpdir(), 'frirum-'));
  private front: Front | null = null;

  private constructor(
    port: number,
    volatile: RedisServer,
    durable: RedisServer,
    cluster: RedisCluster | null
  ) {
    this.port = port;
    this.cluster = cluster;
    this.volatile = volatile;
    this.durable = durable;
  }

  static async start(
    count = 3,
    begin = nginx,
    cluster: RedisCluster | null = null
  ): Promise<HouseBehindNginx> {
    const [port, volatile, durable] = await Promise.all([
      freePort(),
      RedisServer.deployed('volatile'),
      RedisServer.deployed('durable')
    ]);
    const house = new HouseBehindNginx(port, volatile, durable, cluster);
    // The first one alone: it makes the house that the others come into.
    await house.add();
    await Promise.all(Array.from({ length: count - 1 }, () => house.add()));
    const hosts = house.nodes.map((_, n) => `${house.hostOf(n)}:${port}`);
    house.front = await begin(hosts, port);
    return house;
  }

  get origin(): string {
    return `http://localhost:${this.port}`;
  }

  /** Open sockets at each node that lives. */
  async sockets(): Promise<number[]> {
    return Promise.all(
      this.nodes.map(async ({ isAlive }, n) => {
        if (!isAlive) return 0;
        const answer = await fetch(`http://127.0.0.1:${this.metrics[n]}/metrics`);
        return Number(/^frirum_sockets (\d+)/m.exec(await answer.text())?.[1] ?? 0);
      })
    );
  }

  password(signIn: string): string {
    const { accounts } = JSON.parse(readFileSync(join(this.data, 'try-out.json'), 'utf8'));
    return accounts.find((one: { signIn: string }) => one.signIn === signIn).password;
  }

  async stop(): Promise<void> {
    await this.front?.stop();
    await Promise.all(this.nodes.map((node) => node.remove()));
    await Promise.all([this.volatile.close(), this.durable.close(), this.cluster?.close()]);
    rmSync(this.data, { recursive: true, force: true });
  }

  private readonly metrics: number[] = [];

  private hostOf(n: number): string {
    return `127.0.0.${n + 2}`;
  }

  private async add(): Promise<void> {
    const n = this.metrics.length;
    this.metrics.push(0);
    this.metrics[n] = await freePort();
    this.nodes[n] = await ServerProcess.start({
      HOST: this.hostOf(n),
      PORT: String(this.port),
      FRIRUM_DATA: this.data,
      METRICS_PORT: String(this.metrics[n]),
      REDIS_VOLATILE_URL: this.cluster?.url ?? this.volatile.url,
      REDIS_DURABLE_URL: this.durable.url
    });
  }
}
