import { randomBytes, randomInt } from 'node:crypto';
import { issueCapability } from '#server/conversation/capability.ts';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { HouseBehindNginx } from '#tests/support/house-behind-nginx.ts';
import { RedisCluster } from '#tests/support/redis-kinds.ts';
import type { ServerProcess } from '#tests/support/server-process.ts';
import { signIn, young } from '#tests/support/people.ts';
import { ChatParty } from './chat-party.ts';
import { numbers } from './losses.ts';

export interface ChatChaos {
  readonly conversations: number;
  readonly seconds: number;
  /** Seconds between two nodes that die; null: none does. */
  readonly killEvery: number | null;
  /** Gently, as an operator restarts one node after the other. */
  readonly isRolling?: boolean;
  /** Seconds between two times that Redis forgets everything. */
  readonly emptyEvery?: number;
  /** Seconds for which Redis stands still, once. */
  readonly frozenFor?: number;
  /** Seconds from when a cluster that holds the conversations is whole until one of its masters dies. */
  readonly masterEvery?: number;
  /** Seconds after the last fault in which everything should be there; a slow machine takes longer, and loses nothing. */
  readonly settlesWithin?: number;
  readonly seed?: number;
}

export interface ChatFound {
  readonly seed: number;
  readonly said: number;
  readonly lost: number;
  readonly doubled: number;
  readonly reordered: number;
  readonly complaints: readonly string[];
  readonly kills: number;
  readonly masters: number;
  /** Milliseconds from saying to hearing. */
  readonly p50: number;
  readonly p99: number;
  /** Milliseconds from the last fault until everything was delivered. */
  readonly settled: number;
}

const seconds = (n: number) => new Promise<void>((soon) => setTimeout(soon, n * 1000));

/** Everybody talks while nodes and Redis fail, and then what each has heard is compared with what was said. */
export async function chatInChaos(chaos: ChatChaos): Promise<ChatFound> {
  const seed = chaos.seed ?? randomInt(2 ** 31);
  console.log(`chat in chaos, seed ${seed}: ${JSON.stringify(chaos)}`);
  const chance = numbers(seed);
  const cluster =
    chaos.masterEvery === undefined ? null : await RedisCluster.start('volatile', true);
  const house = await HouseBehindNginx.start(3, undefined, cluster);
  const pairs = await sitDown(house, chaos.conversations);
  const all = { isTalkedOut: false, isOver: false };
  const until = performance.now() + chaos.seconds * 1000;
  let [kills, masters] = [0, 0];
  const starting = new Map<ServerProcess, Promise<void>>();

  const dying = (async () => {
    while (chaos.killEvery !== null && !all.isTalkedOut) {
      await seconds(chaos.killEvery);
      const living = house.nodes.filter(({ isAlive }) => isAlive);
      const node = chaos.isRolling
        ? house.nodes[kills % house.nodes.length]
        : living[Math.floor(chance() * living.length)];
      if (all.isTalkedOut) return;
      if (!node) continue;
      kills += 1;
      await node.kill(chaos.isRolling ? 'SIGTERM' : 'SIGKILL');
      if (starting.has(node)) continue;
      const back = startAgain(node, () => all.isOver).finally(() => starting.delete(node));
      starting.set(node, back);
      if (chaos.isRolling) await back;
    }
  })();
  const forgetting = (async () => {
    while (chaos.emptyEvery !== undefined && !all.isTalkedOut) {
      await seconds(chaos.emptyEvery);
      if (all.isTalkedOut) return;
      await house.volatile.kill();
      await house.volatile.up();
    }
  })();
  const freezing = (async () => {
    if (chaos.frozenFor === undefined) return;
    await seconds(chaos.seconds / 3);
    house.volatile.freeze();
    await seconds(chaos.frozenFor);
    house.volatile.thaw();
  })();

  const failingOver = (async () => {
    while (chaos.masterEvery !== undefined && !all.isTalkedOut) {
      await seconds(chaos.masterEvery);
      if (all.isTalkedOut) return;
      await cluster?.masterDies(chance());
      masters += 1;
    }
  })();

  try {
    while (performance.now() < until) {
      for (const party of pairs.flat()) if (chance() < 0.05) party.say();
      await seconds(0.05);
    }
    all.isTalkedOut = true;
    await Promise.all([dying, forgetting, freezing, failingOver, ...starting.values()]);
    const began = performance.now();
    await everythingIsDelivered(pairs, chaos.settlesWithin ?? 60);
    const settled = performance.now() - began;
    return { ...judge(pairs), seed, kills, masters, settled };
  } finally {
    all.isTalkedOut = all.isOver = true;
    for (const party of pairs.flat()) party.stop();
    await Promise.allSettled([dying, forgetting, freezing, failingOver, ...starting.values()]);
    await house.stop();
  }
}

/** Rights made as the server makes them; a whole queue in front would be another test. */
async function sitDown(house: HouseBehindNginx, count: number): Promise<[ChatParty, ChatParty][]> {
  const durable = await openRedisDurable(house.durable.url);
  const secret = durable.secret();
  const account = (await durable.accounts.named('mikkel'))?.id ?? null;
  await durable.close();
  const { origin } = house;
  const cookie = await signIn({ origin, password: (name) => house.password(name) });
  const since = Math.floor(Date.now() / 1000);
  const pairs = Array.from({ length: count }, (): [ChatParty, ChatParty] => {
    const conversation = randomBytes(16).toString('base64url');
    const right = { conversation, since, visitor: young, turn: 0, of: null };
    const visitor = issueCapability({ ...right, role: 'visitor', account: null }, secret);
    const counsellor = issueCapability({ ...right, role: 'counsellor', account }, secret);
    return [
      new ChatParty({ origin, capability: visitor, cookie: null }),
      new ChatParty({ origin, capability: counsellor, cookie })
    ];
  });
  const begun = performance.now();
  while (!pairs.flat().every(({ isAttached }) => isAttached)) {
    if (performance.now() - begun > 60_000) throw new Error('not everybody sat down');
    await seconds(0.1);
  }
  return pairs;
}

/** As systemd does: a node that could not start, or was killed before it served, is started again. */
async function startAgain(node: ServerProcess, isOver: () => boolean): Promise<void> {
  for (;;) {
    try {
      return await node.start();
    } catch (error) {
      if (isOver()) throw error;
      await seconds(0.2);
    }
  }
}

async function everythingIsDelivered(
  pairs: readonly [ChatParty, ChatParty][],
  within: number
): Promise<void> {
  const until = performance.now() + within * 1000;
  const isDone = () => pairs.flat().every(({ said, deliveredUpTo }) => deliveredUpTo >= said);
  while (!isDone() && performance.now() < until) await seconds(0.1);
}

function judge(pairs: readonly [ChatParty, ChatParty][]) {
  const found = { said: 0, lost: 0, doubled: 0, reordered: 0 };
  const took: number[] = [];
  const complaints: string[] = [];
  for (const [one, other] of pairs)
    for (const [from, to] of [
      [one, other],
      [other, one]
    ] as const) {
      const unique = new Set(to.taken);
      found.said += from.said;
      found.lost += from.said - unique.size;
      found.doubled += to.taken.length - unique.size;
      found.reordered += to.taken.filter((n, at) => at > 0 && n < (to.taken[at - 1] ?? 0)).length;
      took.push(...to.took);
      complaints.push(...to.complaints);
      if (from.deliveredUpTo < from.said) complaints.push(`${from.state} to ${to.state}`);
    }
  took.sort((a, b) => a - b);
  const at = (share: number) => Math.round(took[Math.floor(took.length * share)] ?? NaN);
  return { ...found, complaints, p50: at(0.5), p99: at(0.99) };
}
