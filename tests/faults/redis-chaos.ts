import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { book } from '#shared/booking/calls.ts';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { AHouse } from '#tests/booking/a-house.ts';
import { RedisServer } from '#tests/support/redis.ts';
import {
  count,
  numbers,
  ordersFor,
  planSlots,
  powerCut,
  type Answer,
  type Found,
  type Request
} from './losses.ts';
import { KilledNodes } from './killed-nodes.ts';
import { putBack } from './put-back.ts';

const inFlight = 24;

export interface RedisChaos {
  readonly slots: number;
  readonly bookings: number;
  /** Milliseconds between two cuts, from when Redis serves. */
  readonly killEvery: number;
  readonly appendfsync: 'always' | 'everysec';
  /** Milliseconds between two kills of a node; without it the nodes are in this process. */
  readonly killNodeEvery?: number;
  /** Milliseconds after which nothing more fails: what is left is booked in peace, however slow the machine is. */
  readonly failsFor: number;
  readonly seed: number;
}

/** A Redis whose power is cut: what it never synced is as it was before. */
class CutRedis {
  undone = 0;
  kills = 0;
  readonly server: RedisServer;
  private readonly notes: string;

  private constructor(server: RedisServer, notes: string) {
    this.server = server;
    this.notes = notes;
  }

  static async start(): Promise<CutRedis> {
    const notes = mkdtempSync(join(tmpdir(), 'frirum-notes-'));
    const environment = { LD_PRELOAD: powerCut(), POWER_CUT_NOTES: notes };
    return new CutRedis(await RedisServer.start('durable', [], environment), notes);
  }

  /** The product refuses another setting when it starts; the control of the test comes after that. */
  async sync(appendfsync: string): Promise<void> {
    await this.server.ask((client) => client.configSet('appendfsync', appendfsync));
  }

  async cut(appendfsync: string): Promise<void> {
    await this.server.kill();
    this.kills += 1;
    this.undone += putBack(join(this.server.folder, 'appendonlydir'), this.notes);
    await this.server.up();
    await this.sync(appendfsync);
  }

  async close(): Promise<void> {
    await this.server.close();
    rmSync(this.notes, { recursive: true, force: true });
  }
}

/** Books on two nodes while the power of their Redis is cut again and again, and counts what is missing. */
export async function bookInRedisChaos(chaos: RedisChaos): Promise<Found> {
  const began = performance.now();
  const redis = await CutRedis.start();
  const openDurable = () => openRedisDurable(redis.server.url);
  const house = await AHouse.open({ openDurable });
  const { secret, now } = house;
  const second = await AHouse.open({ openDurable, secret, now });
  const here = [house, second];
  const slots = await planSlots(house, chaos.slots);
  await redis.sync(chaos.appendfsync);

  const chance = numbers(chaos.seed);
  const requests = ordersFor(slots, chaos.bookings, chance);
  const answers = new Map<number, Answer>();
  const left = requests.entries();
  const killed = chaos.killNodeEvery
    ? KilledNodes.start([house.folder, secret, now, redis.server.url], chaos.killNodeEvery)
    : null;
  const ask = (request: Request, turn: number): Promise<Answer> =>
    killed?.ask(request, turn) ?? (turn % 2 ? second : house).ask(book, request);
  /** What is rejected may have happened: it is asked again, of either node. */
  const bookOn = async () => {
    for (const [id, request] of left)
      for (let turn = id; !answers.has(id); turn += 1)
        await ask(request, turn).then(
          (answer) => answers.set(id, answer),
          () => wait(15)
        );
  };
  const booking = Promise.all(Array.from({ length: inFlight }, bookOn));
  while (answers.size < requests.length && performance.now() - began < chaos.failsFor) {
    // A file that is written anew in the middle of it is cut as well.
    if (redis.kills % 3 === 1)
      await redis.server.ask((client) => client.bgRewriteAof()).catch(() => {});
    await wait(chaos.killEvery * (0.5 + chance()));
    await redis.cut(chaos.appendfsync);
  }
  const amid = answers.size;
  killed?.spare();
  await booking;
  console.log(`${amid} of ${requests.length} were answered while it failed`);
  killed?.stop();
  if (killed) console.log(`${killed.kills} nodes killed`);
  await redis.cut(chaos.appendfsync);
  await untilBack(here);
  const found = await count(house, requests, answers);
  for (const node of here) await node.stop();
  await redis.close();
  const { kills, undone } = redis;
  return { ...found, kills, undone, seconds: (performance.now() - began) / 1000 };
}

async function untilBack(nodes: readonly AHouse[]): Promise<void> {
  for (const { durable } of nodes)
    for (let tries = 0; tries < 200; tries += 1) {
      const isBack = await durable.accounts.count().catch(() => null);
      if (isBack !== null) break;
      await wait(50);
    }
}
