import type { Board, Neighbours, Post } from '../house.ts';
import type { HouseClock } from './house-clock.ts';
import type { HouseLink } from './house-link.ts';
import { redisNow, Script } from '../../redis/script.ts';

const syncEvery = 1_000;
/** Milliseconds for which a node that says nothing is believed alive. */
const lease = 4_000;
/** Milliseconds for which what was posted stays to be read; longer than a lost poke takes to be made good. */
const postKept = 10_000;

/**
 * KEYS: what each node says (hash), their leases (sorted set), the channel of pokes.
 * ARGV: this node, milliseconds of a lease, what it says (empty: it goes), 1 when that is new.
 */
const sync = new Script(`
${redisNow}
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('ZREM', KEYS[2], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
  redis.call('ZADD', KEYS[2], now + ARGV[2], ARGV[1])
end
for _, node in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now)) do
  redis.call('HDEL', KEYS[1], node)
  redis.call('ZREM', KEYS[2], node)
end
if ARGV[4] == '1' then redis.call('SPUBLISH', KEYS[3], 'node ' .. ARGV[1]) end
return { now, redis.call('HGETALL', KEYS[1]) }`);
const keys = ['nodes', 'leases', 'pokes'];

interface Said {
  readonly boards: Readonly<Record<string, unknown>>;
  readonly posts: readonly {
    readonly n: number;
    readonly matter: string;
    readonly content: unknown;
  }[];
}

interface Neighbour {
  readonly sealed: Buffer;
  readonly said: Said;
}

/**
 * What each node says of itself lies in Redis, sealed, under a lease that it renews every second; the
 * same call brings what the others say, and the time. Nothing is decided by it that must not happen twice.
 */
export class RedisNeighbours implements Neighbours {
  readonly isAlone = false;
  private readonly link: HouseLink;
  private readonly clock: HouseClock;
  private readonly boards = new Map<string, { text: string; onChanged: () => void }>();
  private readonly hearers = new Map<string, (content: unknown) => void>();
  private posts: { n: number; matter: string; content: unknown; storedAt: number }[] = [];
  private lastPost = 0;
  private sealed: Buffer | null = null;
  private nodes = new Map<string, Neighbour>();
  /** The last post of each node; one that was thought dead begins where it was. */
  private readonly heard = new Map<string, number>();
  private isFirst = true;
  private isNew = false;
  private isPlanned = false;
  private running: Promise<void> | null = null;
  private isStopped = false;
  private readonly ticking: NodeJS.Timeout;

  constructor(link: HouseLink, clock: HouseClock) {
    this.link = link;
    this.clock = clock;
    link.onPoke('node', () => this.soon());
    this.ticking = setInterval(() => this.soon(), syncEvery).unref();
    this.soon();
  }

  board<Facts>(matter: string, onChanged: () => void): Board<Facts> {
    const board = { text: 'null', onChanged };
    this.boards.set(matter, board);
    return {
      say: (facts) => {
        const text = JSON.stringify(facts);
        if (text === board.text) return;
        board.text = text;
        this.isNew = true;
        this.soon();
      },
      others: () =>
        [...this.nodes.values()].flatMap(({ said }) => {
          const facts = said.boards[matter] ?? null;
          return facts === null ? [] : [facts as Facts];
        })
    };
  }

  post<Content>(matter: string, hear: (content: Content) => void): Post<Content> {
    this.hearers.set(matter, hear as (content: unknown) => void);
    return {
      tell: (content) => {
        this.lastPost += 1;
        this.posts.push({ n: this.lastPost, matter, content, storedAt: Infinity });
        this.isNew = true;
        this.soon();
      }
    };
  }

  /** @param saysSo the others know at once that this node is gone; otherwise when its lease is over */
  async stop(saysSo = true): Promise<void> {
    this.isStopped = true;
    clearInterval(this.ticking);
    await this.running;
    if (saysSo) await this.link.run(sync, keys, [this.link.node, '0', '', '1']).catch(() => {});
  }

  private soon(): void {
    if (this.isPlanned || this.isStopped) return;
    this.isPlanned = true;
    setImmediate(() => {
      this.running = (this.running ?? Promise.resolve()).then(() => {
        this.isPlanned = false;
        return this.sync();
      });
    });
  }

  private async sync(): Promise<void> {
    if (this.isStopped) return;
    const { isNew, link } = this;
    this.isNew = false;
    const sent = [...this.posts];
    if (isNew || this.posts.length > 0 || !this.sealed)
      this.sealed = link.seal(this.said(), link.node);
    const values = [link.node, String(lease), this.sealed, isNew ? '1' : '0'];
    try {
      const asked = performance.now();
      const [time, answer] = (await link.run(sync, keys, values)) as [number, Buffer[]];
      const now = performance.now();
      this.clock.told(time, asked, now);
      for (const post of sent) post.storedAt = Math.min(post.storedAt, now);
      this.posts = this.posts.filter(
        ({ storedAt }) => now - storedAt < postKept || storedAt === Infinity
      );
      this.read(answer);
    } catch {
      // Redis is away: what was last heard holds, and what is new is said with the next second.
      this.isNew ||= isNew;
    }
  }

  private said(): Said {
    const boards = [...this.boards].map(([matter, { text }]) => [matter, JSON.parse(text)]);
    const posts = this.posts.map(({ n, matter, content }) => ({ n, matter, content }));
    return { boards: Object.fromEntries(boards), posts };
  }

  private read(answer: readonly Buffer[]): void {
    const before = this.nodes;
    this.nodes = new Map();
    const heard: Said['posts'][number][] = [];
    for (let at = 0; at + 1 < answer.length; at += 2) {
      const [node, sealed] = [answer[at]?.toString() ?? '', answer[at + 1] ?? Buffer.alloc(0)];
      if (node === this.link.node) continue;
      const known = before.get(node);
      const one = known?.sealed.equals(sealed)
        ? known
        : { sealed, said: this.link.unseal(sealed, node) as Said };
      this.nodes.set(node, one);
      const last = this.heard.get(node) ?? 0;
      heard.push(...one.said.posts.filter(({ n }) => n > last));
      this.heard.set(node, Math.max(last, ...one.said.posts.map(({ n }) => n)));
    }
    const wasFirst = this.isFirst;
    this.isFirst = false;
    this.tellChanged(before);
    // What was posted before this node was there is not for it.
    if (!wasFirst) for (const { matter, content } of heard) this.hearers.get(matter)?.(content);
  }

  private tellChanged(before: ReadonlyMap<string, Neighbour>): void {
    const textOf = (nodes: ReadonlyMap<string, Neighbour>, matter: string) =>
      JSON.stringify(
        [...nodes.keys()]
          .toSorted()
          .map((node) => [node, nodes.get(node)?.said.boards[matter] ?? 0])
      );
    for (const [matter, { onChanged }] of this.boards)
      if (textOf(before, matter) !== textOf(this.nodes, matter)) onChanged();
  }
}
