import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cardStage, clipsLeft, readKlippekort, writeKlippekort } from '#shared/klippekort/card.ts';
import { groups } from '#shared/klippekort/card-code.ts';
import type { Decision } from '#shared/klippekort/rule.ts';
import { AService, aDeviceWithCard, aDeviceWithPending, talk, young } from './a-service.ts';

let service: AService;
beforeAll(async () => {
  service = await AService.start();
});
afterAll(() => service.stop());

describe('five conversations', () => {
  test('one without a clip, three ordinary, the fifth last, then the decision', async () => {
    const device = service.device();
    expect(clipsLeft(device.state)).toBeNull();
    expect(cardStage(device.state)).toBe('none');
    const first = service.begin();
    expect(await device.holder.requestCard(first, 'young-under-18')).toEqual({
      ok: false,
      refusal: 'not-held'
    });
    service.becomes(first, 'took-place');
    expect((await device.holder.requestCard(first, 'young-under-18')).ok).toBe(true);

    const stages = [];
    for (const left of [4, 3, 2, 1]) {
      expect(clipsLeft(device.state)).toBe(left);
      expect(cardStage(device.state)).toBe('open');
      const { conversation } = await talk(service, device);
      stages.push(service.held.get(conversation));
    }
    expect(stages).toEqual(['ordinary', 'ordinary', 'ordinary', 'fifth']);
    expect(clipsLeft(device.state)).toBe(0);
    expect(cardStage(device.state)).toBe('pending');
  });

  test.each(['inform', 'involve', 'continue-known', 'stop', 'not-safe'] as Decision[])(
    'a decision to %s, recorded by both in the fifth, turns pending into its clip',
    async (decision) => {
      const { device, last } = await aDeviceWithPending(service);
      await service.bothDecide(last, decision);
      expect(await device.holder.decide(last)).toEqual({ ok: true, value: { outcome: decision } });
      expect(cardStage(device.state)).toBe('decided');
      expect(device.state.card?.clips).toMatchObject([{ decision }]);
      await service.over(last);

      const joint = service.begin();
      const shown = await device.holder.present(joint);
      expect(shown.ok).toBe(decision === 'involve');
      if (!shown.ok) return expect(shown.refusal).toBe('no-clip');
      expect(shown.value.stage).toBe('decision-involve');
      service.becomes(joint, 'took-place');
      expect((await device.holder.settle()).ok).toBe(true);
      expect(device.state.card?.clips).toEqual([]);
      expect(cardStage(device.state)).toBe('decided');
    }
  );

  test('without a decision the next visit opens at the decision, as often as it takes', async () => {
    const { device, last } = await aDeviceWithPending(service);
    await service.over(last);
    const undecided = service.begin();
    expect(await device.holder.present(undecided)).toMatchObject({ value: { stage: 'pending' } });
    service.becomes(undecided, 'took-place');
    expect(await device.holder.settle()).toEqual({ ok: false, refusal: 'open' });
    await service.over(undecided);
    expect(await device.holder.settle()).toMatchObject({ value: { outcome: 'did-not' } });
    expect(cardStage(device.state)).toBe('pending');

    const decided = service.begin();
    expect(await device.holder.present(decided)).toMatchObject({ value: { stage: 'pending' } });
    service.becomes(decided, 'took-place');
    await service.bothDecide(decided, 'involve');
    expect(await device.holder.settle()).toMatchObject({ value: { outcome: 'involve' } });
    expect(cardStage(device.state)).toBe('decided');
  });

  test('a conversation that nobody answered gives the clip back, under a new nonce', async () => {
    const device = await aDeviceWithCard(service);
    const before = device.state.card?.clips.map(({ value }) => value) ?? [];
    await talk(service, device, 'did-not');
    expect(clipsLeft(device.state)).toBe(4);
    const after = device.state.card?.clips.map(({ value }) => value) ?? [];
    expect(after.filter((value) => before.includes(value))).toHaveLength(3);
    for (const left of [3, 2, 1, 0]) {
      await talk(service, device);
      expect(clipsLeft(device.state)).toBe(left);
    }
  });

  test('a clip shown to a server that never took it comes back under a new nonce', async () => {
    const device = await aDeviceWithCard(service);
    device.fault = (at) => {
      if (at === 'before klippekort:hold-clip') throw new Error('no line');
    };
    const at = service.begin();
    expect(await device.holder.present(at)).toEqual({ ok: false, refusal: 'line-down' });
    expect(clipsLeft(device.state)).toBe(3);
    device.fault = () => {};
    device.reload();
    await service.over(at);
    expect(await device.holder.present(service.begin())).toMatchObject({ refusal: 'unfinished' });
    expect(await device.holder.resume()).toMatchObject({ value: { outcome: 'did-not' } });
    expect(clipsLeft(device.state)).toBe(4);
    expect(device.state.card?.clips.at(-1)?.place.generation).toBe(1);
  });
});

describe('a card', () => {
  test('is not for parents and professionals, unless the organisation says so', async () => {
    const device = service.device();
    const parent = service.begin({ kind: 'parent', age: null, language: 'da' });
    service.becomes(parent, 'took-place');
    expect(await device.holder.requestCard(parent, 'parent')).toMatchObject({ refusal: 'no-card' });
  });

  test('has another limit where the organisation says so', async () => {
    const rule = { ...service.rule, limit: 3 };
    const three = await AService.start({ rule });
    const device = await aDeviceWithCard(three);
    expect(clipsLeft(device.state)).toBe(2);
    await talk(three, device);
    await talk(three, device);
    expect(cardStage(device.state)).toBe('pending');
    await three.stop();
  });

  test('is carried to another device as a code, with what is left on it', async () => {
    const device = await aDeviceWithCard(service);
    await talk(service, device, 'did-not');
    await talk(service, device);
    const written = device.holder.writeCode();
    if (!written.ok) throw new Error(written.refusal);
    const other = service.device();
    expect(await other.holder.readCode(groups(written.code).toLowerCase())).toMatchObject({
      ok: true
    });
    expect(clipsLeft(other.state)).toBe(3);
    for (let left = 2; left >= 0; left -= 1) await talk(service, other);
    expect(cardStage(other.state)).toBe('pending');
  });

  test('restored from an old copy shows nothing that was spent', async () => {
    const device = await aDeviceWithCard(service);
    const written = device.holder.writeCode();
    if (!written.ok) throw new Error(written.refusal);
    await talk(service, device);
    await talk(service, device);
    service.now += 86_400_000;
    const copy = service.device();
    expect(await copy.holder.readCode(written.code)).toMatchObject({ ok: true });
    expect(clipsLeft(copy.state)).toBe(2);
    await talk(service, copy);
    await talk(service, copy);
    service.now += 86_400_000;
    const late = service.device();
    expect(await late.holder.readCode(written.code)).toMatchObject({ refusal: 'spent' });
    // The device's own state, restored, is looked through before anything is shown.
    expect(await device.holder.present(service.begin())).toMatchObject({ refusal: 'no-clip' });
  });

  test('shows nothing when the list of spent clips cannot be had', async () => {
    const device = await aDeviceWithCard(service);
    device.list = async () => null;
    const { stored } = device;
    expect(await device.holder.present(service.begin())).toMatchObject({
      refusal: 'no-spent-list'
    });
    expect(device.stored).toBe(stored);
  });

  test('counts in its year and the next, and then no more', async () => {
    const years = await AService.start();
    const device = await aDeviceWithCard(years);
    years.now = Date.UTC(2027, 11, 31);
    await years.readKeys();
    await talk(years, device, 'did-not');
    expect(clipsLeft(device.state)).toBe(4);
    years.now = Date.UTC(2028, 0, 1);
    await years.readKeys();
    expect(await device.holder.present(years.begin())).toMatchObject({ refusal: 'too-old' });
    await years.stop();
  });

  test('stores no time, and reads back as it was written', async () => {
    const device = await aDeviceWithCard(service);
    await device.holder.present(service.begin(young));
    expect(readKlippekort(device.stored)).toEqual(device.holder.state);
    expect(writeKlippekort(device.holder.state)).toBe(device.stored);
    expect(device.stored).not.toMatch(/\d{9,}|\d{4}-\d\d|time|date/i);
    expect(readKlippekort('{}')).toBeNull();
    expect(readKlippekort('nothing')).toBeNull();
  });

  test('can be thrown away: the next conversation is a first one', async () => {
    const device = await aDeviceWithCard(service);
    await device.holder.forget();
    expect(cardStage(device.state)).toBe('none');
    const again = service.begin();
    service.becomes(again, 'took-place');
    expect((await device.holder.requestCard(again, 'young-under-18')).ok).toBe(true);
  });
});
