import { RESP_TYPES } from 'redis';
import { nameOf, type RedisAddress, type Server } from './address.ts';
import { end, open, type Client, type Speech } from './client.ts';

/** A server that is written to, and the hash slots it has: from and to, both included. */
export interface Holder {
  readonly at: Server;
  readonly from: number;
  readonly to: number;
}

/** What somebody knows of a Redis, and in which epoch of it. */
interface Known {
  readonly epoch: number;
  readonly holders: readonly Holder[];
  readonly others: readonly Server[];
}

const lastSlot = 16_383;
/** Names and values in turn, as text. */
const flat = { typeMapping: { [RESP_TYPES.MAP]: Array } } as const;

/**
 * Who holds what. One server holds everything. Of a group or a cluster all are asked whom the address
 * names, and who knows the latest epoch is believed: one that was cut off from the others still says
 * what was so before.
 */
export class Directory {
  private readonly address: RedisAddress;
  private readonly asked: readonly Client[];
  private lastError: unknown = null;

  constructor(address: RedisAddress) {
    this.address = address;
    const { kind, servers, login, sentinelLogin, tls } = address;
    const speech: Speech = { login: kind === 'sentinel' ? sentinelLogin : login, tls, database: 0 };
    this.asked = kind === 'one' ? [] : servers.map((at) => this.keepOpen(at, speech));
  }

  /** @throws when nobody answers who knows */
  async holders(): Promise<readonly Holder[]> {
    const [latest] = await this.look();
    return latest.holders;
  }

  /** Every server that has what is written, those that only copy it included. @throws as `holders` */
  async everyServer(): Promise<readonly Server[]> {
    const known = await this.look();
    const all = known.flatMap(({ holders, others }) => [...holders.map(({ at }) => at), ...others]);
    return [...new Map(all.map((at) => [nameOf(at), at])).values()];
  }

  close(): void {
    for (const client of this.asked) end(client);
  }

  /** The latest first. */
  private async look(): Promise<readonly [Known, ...Known[]]> {
    const { kind, servers, group } = this.address;
    if (kind === 'one') {
      const holders = servers.map((at) => ({ at, from: 0, to: lastSlot }));
      return [{ epoch: 0, holders, others: [] }];
    }
    const asked = this.asked.map((client, index) =>
      kind === 'sentinel'
        ? askSentinel(client, group)
        : askCluster(client, servers[index]?.host ?? '')
    );
    const known = (await Promise.allSettled(asked)).flatMap((answer) => {
      if (answer.status === 'fulfilled') return [answer.value];
      // That a connection is down says less than why it could not be made.
      if (isAnswer(answer.reason)) this.lastError = answer.reason;
      return [];
    });
    const [latest, ...rest] = known.toSorted((one, other) => other.epoch - one.epoch);
    if (!latest) throw this.lastError ?? new Error('nobody answers');
    return [latest, ...rest];
  }

  private keepOpen(at: Server, speech: Speech): Client {
    const client = open(at, speech);
    client.on('error', (error) => (this.lastError = error));
    client.connect().catch(() => {});
    return client;
  }
}

const isAnswer = (error: unknown) => error instanceof Error && /^[A-Z]{3,} /.test(error.message);

function fieldsOf(reply: unknown): Record<string, string> {
  const all = Array.isArray(reply) ? reply.map(String) : [];
  const pairs = all.flatMap((name, at) => (at % 2 === 0 ? [[name, all[at + 1] ?? '']] : []));
  return Object.fromEntries(pairs);
}

const serverOf = ({ ip = '', port = '' }: Record<string, string>): Server => ({
  host: ip,
  port: Number(port)
});

async function askSentinel(client: Client, group: string): Promise<Known> {
  const [master, replicas] = await Promise.all([
    client.sendCommand(['SENTINEL', 'MASTER', group], flat),
    client.sendCommand(['SENTINEL', 'REPLICAS', group], flat)
  ]).catch((error: unknown) => {
    if (!(error instanceof Error && error.message.startsWith('ERR No such master'))) throw error;
    throw new Error('NOGROUP no Sentinel knows a group of this name');
  });
  const fields = fieldsOf(master);
  const all = Array.isArray(replicas) ? replicas.map(fieldsOf) : [];
  return {
    epoch: Number(fields['config-epoch']),
    holders: [{ at: serverOf(fields), from: 0, to: lastSlot }],
    others: all.filter(({ flags }) => !/down|disconnected/.test(flags ?? '')).map(serverOf)
  };
}

async function askCluster(client: Client, host: string): Promise<Known> {
  const [info, slots] = await Promise.all([
    client.sendCommand(['CLUSTER', 'INFO'], flat),
    client.sendCommand(['CLUSTER', 'SLOTS'], flat)
  ]);
  const told = typeof info === 'string' ? info : '';
  if (!told.includes('cluster_state:ok')) throw new Error('CLUSTERDOWN the cluster is not whole');
  const ranges = (Array.isArray(slots) ? slots : []).map((range: unknown[]) => {
    const [from, to, ...servers] = range;
    const [master, ...replicas] = servers.map((one) => {
      const [ip, port] = Array.isArray(one) ? one : [];
      // A server that does not know its own name is where it was asked.
      return { host: ip ? String(ip) : host, port: Number(port) };
    });
    return { from: Number(from), to: Number(to), master, replicas };
  });
  return {
    epoch: Number(/cluster_current_epoch:(\d+)/.exec(told)?.[1]),
    holders: ranges.flatMap(({ master, from, to }) => (master ? [{ at: master, from, to }] : [])),
    others: ranges.flatMap(({ replicas }) => replicas)
  };
}
