import { expect } from 'vitest';
import { recordDecision } from '#shared/klippekort/calls.ts';
import { cardStage, clipsLeft } from '#shared/klippekort/card.ts';
import type { Clips } from '#server/store/durable/clips.ts';
import { ADevice, AService, type Conversation } from './a-service.ts';
import { quickEvaluator, quickWork } from './stand-in.ts';

/** mulberry32: the same numbers for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Where something can break, and what does: decided at every point that is passed. */
class Chaos {
  passed = 0;
  serverDied = false;
  pageDied = false;
  isOn = true;
  readonly points = new Set<string>();
  private readonly breaks: (point: number) => boolean;

  constructor(breaks: (point: number) => boolean) {
    this.breaks = breaks;
  }

  page = (at: string): void => {
    if (this.pageDied) throw new Error('the page is gone');
    if (this.isHit(`page ${at}`)) {
      // A page that dies also loses what it was told; a line that breaks only loses the answer.
      this.pageDied = !at.includes(':') || this.passed % 2 === 0;
      throw new Error('broken');
    }
  };

  server = (at: string): void => {
    if (this.serverDied) throw new Error('the server is gone');
    if (this.isHit(`server ${at}`)) {
      this.serverDied = true;
      throw new Error('killed');
    }
  };

  private isHit(at: string): boolean {
    if (!this.isOn) return false;
    this.points.add(at);
    this.passed += 1;
    return this.breaks(this.passed);
  }
}

/** A store whose every step may be the process's last: before it, or after it is on the disk. */
const mortal = (chaos: Chaos) => (clips: Clips) =>
  new Proxy(clips, {
    get: (target, name: keyof Clips) => {
      const step = target[name] as (...given: unknown[]) => Promise<unknown>;
      return async (...given: unknown[]) => {
        chaos.server(`before ${name}`);
        const result = await step(...given);
        chaos.server(`after ${name}`);
        return result;
      };
    }
  });

interface Story {
  readonly service: AService;
  readonly device: ADevice;
  readonly chaos: Chaos;
  readonly chance: () => number;
}

/** Does something and lives with what breaks: a dead server is started again, a dead page opened again. */
async function bravely<Result>(
  { service, device, chaos }: Story,
  act: () => Promise<Result>
): Promise<Result | null> {
  let result: Result | null = null;
  try {
    result = await act();
  } catch {
    // What broke is seen in what is stored.
  }
  if (chaos.serverDied) {
    await service.restart();
    chaos.serverDied = false;
  }
  if (chaos.pageDied) {
    chaos.pageDied = false;
    device.reload();
  }
  return result;
}

const isOk = (result: { ok: boolean } | null): boolean => result?.ok === true;

/** A first conversation and a card, however often it takes. */
async function getCard(story: Story): Promise<void> {
  const { service, device } = story;
  const first = service.begin();
  service.becomes(first, 'took-place');
  for (let tries = 0; !device.state.card; tries += 1) {
    if (tries > 2000) throw new Error('no card');
    await bravely(story, () => device.holder.requestCard(first, 'young-under-18'));
  }
  await bravely(story, () => service.over(first));
}

async function agree(story: Story, at: Conversation): Promise<void> {
  for (const capability of [at.capability, at.counsellor])
    await bravely(story, () => story.service.ask(recordDecision, { capability, decision: 'stop' }));
}

/** One visit: the clip is shown or not, the conversation takes place or not, and it is settled or not. */
async function visit(story: Story): Promise<void> {
  const { service, device, chance } = story;
  if (device.state.under && !isOk(await bravely(story, () => device.holder.resume()))) return;
  const at = service.begin();
  for (let tries = 0; tries < 3; tries += 1)
    if (isOk(await bravely(story, () => device.holder.present(at)))) break;
  if (chance() < 0.7) {
    service.becomes(at, 'took-place');
    const isPending = cardStage(device.state) === 'pending';
    if (isPending && chance() < 0.8) await agree(story, at);
    for (let tries = Math.floor(chance() * 3); tries > 0; tries -= 1)
      await bravely(story, () => device.holder.settle());
    if (!isPending && cardStage(device.state) === 'pending' && chance() < 0.5) {
      await agree(story, at);
      await bravely(story, () => device.holder.decide(at));
      await bravely(story, () => device.holder.decide(at));
    }
  }
  await bravely(story, () => service.over(at));
  if (chance() < 0.7) await bravely(story, () => device.holder.resume());
}

/** What must be true when everything is quiet: each clip is on the card or was used, never both, never neither. */
async function expectConserved({ service, device, chaos }: Story): Promise<void> {
  chaos.isOn = false;
  device.reload();
  if (device.state.under) {
    const { conversation } = device.state.under;
    await service.over({ conversation, capability: '' });
    expect(await device.holder.resume()).toMatchObject({ ok: true });
  }
  const states: (string | undefined)[] = [];
  for (const id of await service.clips.spent()) states.push((await service.clips.find(id))?.state);
  const many = (state: string) => states.filter((one) => one === state).length;
  expect(many('open')).toBe(0);
  const left = clipsLeft(device.state) ?? 0;
  expect(left + many('took-place')).toBe(4);
  const after = device.state.card?.clips.filter(({ place }) =>
    ['pending', 'decision'].includes(place.stage)
  );
  expect(after).toHaveLength(left === 0 ? 1 : 0);
  expect(many('stop')).toBe(cardStage(device.state) === 'decided' ? 1 : 0);

  // Every clip on the card is a good one.
  for (let clip = 0; clip < left; clip += 1) {
    const at = service.begin();
    expect(await device.holder.present(at)).toMatchObject({ ok: true });
    service.becomes(at, 'took-place');
    expect(await device.holder.settle()).toMatchObject({ ok: true });
  }
  if (cardStage(device.state) === 'pending')
    expect(await device.holder.present(service.begin())).toMatchObject({ ok: true });
}

export async function tell(breaks: (point: number) => boolean, seed: number): Promise<Chaos> {
  const chaos = new Chaos(breaks);
  chaos.isOn = false;
  const service = await AService.start({
    evaluator: quickEvaluator,
    work: quickWork,
    around: mortal(chaos)
  });
  const device = service.device();
  device.fault = chaos.page;
  const story = { service, device, chaos, chance: numbers(seed) };
  try {
    chaos.isOn = true;
    await getCard(story);
    for (let turn = 0; turn < 12 && cardStage(device.state) !== 'decided'; turn += 1)
      await visit(story);
    await expectConserved(story);
  } finally {
    await service.stop();
  }
  return chaos;
}

/** Story after story, each broken where chance wills. @returns every point that was there to break */
export async function tellRandomStories(from: number, to: number): Promise<Set<string>> {
  const points = new Set<string>();
  for (let seed = from; seed <= to; seed += 1) {
    const chance = numbers(seed * 7919);
    const often = [0.02, 0.1, 0.25][seed % 3] ?? 0.1;
    const chaos = await tell(() => chance() < often, seed).catch((error: unknown) => {
      throw new Error(`seed ${seed}`, { cause: error });
    });
    for (const point of chaos.points) points.add(point);
  }
  return points;
}
