import { randomBytes } from 'node:crypto';
import { holdClip } from '#shared/klippekort/calls.ts';
import type { Clips } from '#server/store/durable/clips.ts';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { RedisServer } from '#tests/support/redis.ts';
import { numbers } from '#tests/faults/losses.ts';
import { AService, aDeviceWithCard, type ADevice } from './a-service.ts';

const text = () => randomBytes(32).toString('base64url');
/** Guesses that one conversation has. */
const guesses = 5;

/** What a device sends to hold its clip, as somebody on the way would see it. */
async function aHold(service: AService, device: ADevice): Promise<Record<string, unknown>> {
  const caught: Record<string, unknown>[] = [];
  device.request = (name, sent) => {
    if (name === holdClip.name) caught.push(sent);
    return sent;
  };
  await device.holder.present(service.begin());
  const [request] = caught;
  if (!request) throw new Error('nothing was held');
  return request;
}

/**
 * Shows clips that nobody was given, and one that was spent, each changed in one way or not at all, in ever
 * new conversations. @returns how often each answer was given
 */
export async function showForged(many: number, seed: number): Promise<Record<string, number>> {
  const service = await AService.start();
  const chance = numbers(seed);
  const honest = await aHold(service, await aDeviceWithCard(service));
  const ways: (() => Record<string, unknown>)[] = [
    () => ({ ...honest }),
    () => ({ ...honest, tag: text() }),
    () => ({ ...honest, nonce: text() }),
    () => ({ ...honest, stage: 'fifth' }),
    () => ({ ...honest, epoch: 2025 }),
    () => ({ ...honest, nonce: text(), tag: text() })
  ];
  const answers: Record<string, number> = {};
  let at = service.begin();
  for (let n = 0; n < many; n += 1) {
    if (n % guesses === 0) at = service.begin();
    const forged = ways[Math.floor(chance() * ways.length)]?.() ?? honest;
    const { capability } = at;
    const answer = await service.askRaw(holdClip.name, { ...forged, capability });
    const said = answer.ok ? 'accepted' : answer.refusal;
    answers[said] = (answers[said] ?? 0) + 1;
  }
  await service.stop();
  return answers;
}

/** Clips each shown by so many at once, through three nodes on one Redis. @returns how many were held of each */
export async function raceForClips(clips: number, many: number): Promise<number[]> {
  const redis = await RedisServer.start('durable');
  const nodes = await Promise.all([1, 2, 3].map(() => openRedisDurable(redis.url)));
  const held: number[] = [];
  for (let turn = 0; turn < clips; turn += 1) {
    const id = new Uint8Array(randomBytes(32));
    held.push(
      await raceForOne(
        nodes.map(({ clips: store }) => store),
        id,
        many
      )
    );
  }
  await Promise.all(nodes.map((node) => node.close()));
  await redis.close();
  return held;
}

async function raceForOne(stores: readonly Clips[], id: Uint8Array, many: number): Promise<number> {
  let held = 0;
  const bytes = () => new Uint8Array(randomBytes(32));
  const shownAt = (store: Clips, times: number) =>
    Array.from({ length: times }, () =>
      store.hold(
        { id, elements: bytes(), expires: 2027 },
        { conversation: bytes(), decides: false, day: 20_000 }
      )
    );
  // Each node takes a thousand at a time.
  for (let left = many; left > 0; left -= 3_000) {
    const times = Math.ceil(Math.min(left, 3_000) / stores.length);
    const answers = await Promise.all(stores.flatMap((store) => shownAt(store, times)));
    held += answers.filter((answer) => answer === 'held').length;
  }
  return held;
}
