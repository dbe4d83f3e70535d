// A Redis of several servers, each a process of its own.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { freePort } from './free-port.ts';
import { aCertificate } from './neutral-site.ts';
import { RedisServer } from './redis.ts';

type Kind = 'volatile' | 'durable';

const copied = [
  ...['--repl-diskless-sync', 'yes', '--repl-diskless-load', 'swapdb'],
  // A copy is named to others from the first thing it has heard: by itself, that is after ten seconds.
  ...['--repl-diskless-sync-delay', '0', '--repl-ping-replica-period', '1']
];
const confirmed = ['--min-replicas-to-write', '1', '--min-replicas-max-lag', '2'];
const settingsOf = (kind: Kind) => (kind === 'durable' ? [...copied, ...confirmed] : copied);
const until = (isSo: () => Promise<boolean>) =>
  vi.waitUntil(isSo, { timeout: 20_000, interval: 40 });

/** A certificate for all servers of a test, and the port on which each speaks TLS. */
export class Tls {
  /** Of the certificate, which is its own authority. */
  readonly file: string;
  private readonly folder = mkdtempSync(join(tmpdir(), 'frirum-tls-'));
  private readonly ports = new Map<RedisServer, number>();

  constructor() {
    const { cert, key } = aCertificate();
    this.file = join(this.folder, 'cert.pem');
    writeFileSync(this.file, cert);
    writeFileSync(join(this.folder, 'key.pem'), key);
  }

  async start(begin: (secure: readonly string[]) => Promise<RedisServer>): Promise<RedisServer> {
    const port = await freePort();
    const server = await begin([
      ...['--tls-port', String(port), '--tls-replication', 'yes', '--tls-cluster', 'yes'],
      ...['--tls-auth-clients', 'no'],
      ...['--tls-cert-file', this.file, '--tls-key-file', join(this.folder, 'key.pem')],
      ...['--tls-ca-cert-file', this.file]
    ]);
    this.ports.set(server, port);
    return server;
  }

  portOf(server: RedisServer): number | undefined {
    return this.ports.get(server);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A master, two copies of it, and three Sentinels that watch them. */
export class RedisGroup {
  readonly servers: RedisServer[];
  readonly sentinels: RedisServer[];

  private readonly user: string;
  private readonly tls: Tls | null;

  private constructor(
    servers: RedisServer[],
    sentinels: RedisServer[],
    user: string,
    tls: Tls | null
  ) {
    this.servers = servers;
    this.sentinels = sentinels;
    this.user = user;
    this.tls = tls;
  }

  static start(kind: Kind): Promise<RedisGroup> {
    const settings = settingsOf(kind);
    return RedisGroup.of(
      (more) => RedisServer.start(kind, [...settings, ...more]),
      (port) => RedisServer.sentinel(port)
    );
  }

  /** They speak to each other, and with whoever comes by its address, over TLS; the test itself does not. */
  static overTls(kind: Kind, tls: Tls): Promise<RedisGroup> {
    const settings = settingsOf(kind);
    return RedisGroup.of(
      (more) => tls.start((secure) => RedisServer.start(kind, [...settings, ...secure, ...more])),
      (port) => tls.start((secure) => RedisServer.sentinel(port, secure)),
      '',
      tls
    );
  }

  /** With the configurations of `deploy/redis`. */
  static deployed(): Promise<RedisGroup> {
    return RedisGroup.of(
      (more) => RedisServer.deployed('durable', true, more),
      (port) => RedisServer.deployedSentinel(port),
      'frirum:change-me@'
    );
  }

  private static async of(
    start: (more: readonly string[]) => Promise<RedisServer>,
    watch: (port: number) => Promise<RedisServer>,
    user = '',
    tls: Tls | null = null
  ): Promise<RedisGroup> {
    const master = await start([]);
    const port = tls?.portOf(master) ?? master.port;
    const copy = () => start(['--replicaof', '127.0.0.1', String(port)]);
    const copies = await Promise.all([copy(), copy()]);
    await until(() => areUp(copies));
    const sentinels = await Promise.all([1, 2, 3].map(() => watch(port)));
    const group = new RedisGroup([master, ...copies], sentinels, user, tls);
    await until(() => group.isKnown());
    return group;
  }

  get url(): string {
    const ports = this.sentinels.map((server) => this.portOf(server));
    return `redis${this.tls ? 's' : ''}+sentinel://${this.user}${placesOf(ports)}/mymaster`;
  }

  /** Whom the Sentinels call the master now. */
  async master(): Promise<RedisServer | undefined> {
    const told = await tell(this.sentinels[0], 'SENTINEL', 'GET-MASTER-ADDR-BY-NAME', 'mymaster');
    const [, port] = Array.isArray(told) ? told : [];
    return this.servers.find((server) => String(this.portOf(server)) === port);
  }

  async copies(): Promise<RedisServer[]> {
    const master = await this.master();
    return this.servers.filter((server) => server !== master);
  }

  async close(): Promise<void> {
    await Promise.all([...this.sentinels, ...this.servers].map((server) => server.close()));
  }

  private portOf(server: RedisServer): number {
    return this.tls?.portOf(server) ?? server.port;
  }

  /** Each Sentinel knows both copies and both other Sentinels. */
  private async isKnown(): Promise<boolean> {
    const told = await Promise.all(
      this.sentinels.map((server) =>
        server.ask((client) => client.sendCommand(['INFO', 'sentinel']))
      )
    );
    return told.every((text) => JSON.stringify(text).includes('slaves=2,sentinels=3'));
  }
}

/** Three masters that share the slots, and a copy of each when it is asked for. */
export class RedisCluster {
  readonly masters: RedisServer[];
  readonly copies: RedisServer[];

  private readonly tls: Tls | null;

  private constructor(masters: RedisServer[], copies: RedisServer[], tls: Tls | null) {
    this.masters = masters;
    this.copies = copies;
    this.tls = tls;
  }

  static async start(kind: Kind, isCopied = false, tls: Tls | null = null): Promise<RedisCluster> {
    const start = (secure: readonly string[] = []) => aMember(kind, secure);
    const some = () => Promise.all([0, 1, 2].map(() => (tls ? tls.start(start) : start())));
    const [masters, copies] = await Promise.all([some(), isCopied ? some() : []]);
    const cluster = new RedisCluster(masters, copies, tls);
    const ranges = ['0 5460', '5461 10922', '10923 16383'].map((range) => range.split(' '));
    await Promise.all(
      masters.map((server, n) => tell(server, 'CLUSTER', 'ADDSLOTSRANGE', ...(ranges[n] ?? [])))
    );
    const all = [...masters, ...copies];
    await Promise.all(
      all.map((server, n) => tell(server, 'CLUSTER', 'SET-CONFIG-EPOCH', String(n + 1)))
    );
    const [first] = masters;
    for (const server of all.slice(1))
      await tell(
        server,
        ...['CLUSTER', 'MEET', '127.0.0.1'],
        ...[String(first && cluster.portOf(first)), busOf(first)]
      );
    await until(() => cluster.knows(all));
    for (const [n, server] of copies.entries()) {
      const id = await masters[n]?.ask((client) => client.clusterMyId());
      await tell(server, 'CLUSTER', 'REPLICATE', id ?? '');
    }
    if (isCopied) await until(() => areUp(copies));
    await until(() => cluster.isWhole(all));
    return cluster;
  }

  get url(): string {
    const ports = [...this.masters, ...this.copies].map((server) => this.portOf(server));
    return `redis${this.tls ? 's' : ''}+cluster://${placesOf(ports)}`;
  }

  private portOf(server: RedisServer): number {
    return this.tls?.portOf(server) ?? server.port;
  }

  /** The master that holds this key, which is there. */
  async holderOf(key: string): Promise<RedisServer | undefined> {
    for (const server of [...this.masters, ...this.copies]) {
      if (!server.isUp) continue;
      const many = await server.ask((client) => client.exists(key)).catch(() => 0);
      if (many === 1) return server;
    }
    return undefined;
  }

  /**
   * Kills one who is a master, and lets it come back as a copy of who has taken over, which never had what
   * it was told in its last 300 milliseconds. @param chance from 0 to 1
   */
  async masterDies(chance: number): Promise<void> {
    const all = [...this.masters, ...this.copies];
    const rangesOf = async (asked: RedisServer | undefined) => {
      const told = ((await tell(asked, 'CLUSTER', 'SLOTS')) ?? []) as unknown as unknown[][];
      return told.map(([, , ...servers]) =>
        servers.map((one) => all.find(({ port }) => port === Number((one as unknown[])[1])))
      );
    };
    const ranges = await rangesOf(all[0]);
    const [dead, copy] = ranges[Math.floor(chance * ranges.length)] ?? [];
    copy?.freeze();
    await tell(dead, 'CLIENT', 'KILL', 'TYPE', 'replica');
    await new Promise((later) => setTimeout(later, 300));
    await dead?.kill();
    copy?.thaw();
    const [other] = all.filter(({ isUp }) => isUp);
    await until(async () => {
      const masters = (await rangesOf(other)).map(([master]) => master);
      return masters.length === ranges.length && !masters.includes(dead);
    });
    await dead?.up();
    await until(() => this.isWhole(all));
  }

  async empty(): Promise<void> {
    await Promise.all(this.masters.map((server) => server.ask((client) => client.flushAll())));
  }

  async close(): Promise<void> {
    await Promise.all([...this.masters, ...this.copies].map((server) => server.close()));
  }

  private async knows(all: readonly RedisServer[]): Promise<boolean> {
    const told = await Promise.all(all.map((server) => tell(server, 'CLUSTER', 'INFO')));
    return told.every((text) => JSON.stringify(text).includes(`cluster_known_nodes:${all.length}`));
  }

  private async isWhole(all: readonly RedisServer[]): Promise<boolean> {
    const told = await Promise.all(all.map((server) => tell(server, 'CLUSTER', 'INFO')));
    const seen = await Promise.all(all.map((server) => tell(server, 'CLUSTER', 'SLOTS')));
    const isKnown = (range: unknown) =>
      (range as unknown[]).length === (this.copies.length ? 4 : 3);
    return (
      told.every((text) => JSON.stringify(text).includes('cluster_state:ok')) &&
      seen.every((ranges) => (ranges as unknown as unknown[]).every(isKnown))
    );
  }
}

const buses = new WeakMap<RedisServer, string>();
const busOf = (server: RedisServer | undefined) => (server && buses.get(server)) ?? '';

async function aMember(kind: Kind, secure: readonly string[]): Promise<RedisServer> {
  const bus = String(await freePort());
  const server = await RedisServer.start(kind, [
    ...settingsOf(kind),
    ...['--cluster-enabled', 'yes', '--cluster-port', bus, '--cluster-node-timeout', '800'],
    ...secure
  ]);
  buses.set(server, bus);
  return server;
}

const tell = (server: RedisServer | undefined, ...words: string[]) =>
  server?.ask((client) => client.sendCommand(words)) ?? Promise.resolve(null);

const placesOf = (ports: readonly number[]) => ports.map((port) => `127.0.0.1:${port}`).join(',');

/** Whether they have all that their master has. */
async function areUp(servers: readonly RedisServer[]): Promise<boolean> {
  const told = await Promise.all(servers.map((server) => tell(server, 'INFO', 'replication')));
  return told.every((text) => JSON.stringify(text).includes('master_link_status:up'));
}
