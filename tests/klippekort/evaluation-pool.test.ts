import { afterEach, describe, expect, test } from 'vitest';
import { blindClip, finishClips, newEpochKey } from '#shared/crypto/blind-clip.ts';
import type { ClipFields } from '#shared/crypto/clip-info.ts';
import { clipTag, tagKey, VALUE_BYTES } from '#shared/crypto/clip-tag.ts';
import { holdClip } from '#shared/klippekort/calls.ts';
import { EvaluationPool } from '#server/klippekort/evaluation-pool.ts';
import { AService } from './a-service.ts';

const fields: ClipFields = {
  service: 'frirum',
  holder: 'young-under-18',
  stage: 'ordinary',
  epoch: 2026
};
const nonce = new Uint8Array(32).fill(9);
const { secretKey, publicKey } = newEpochKey();
const made = { ...blindClip(fields, nonce, publicKey), nonce };
const order = { secretKey, fields, blinded: [made.blinded, made.blinded, made.blinded] };

/** Milliseconds of this thread's own work in one turn of the loop: other programs on the machine do not count. */
function watchTurns() {
  const spent = () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  };
  let [last, most, isOn] = [spent(), 0, true];
  const turn = () => {
    const now = spent();
    most = Math.max(most, now - last);
    last = now;
    if (isOn) setImmediate(turn);
  };
  turn();
  return {
    longest: () => {
      isOn = false;
      return most;
    }
  };
}

let pool = new EvaluationPool();
afterEach(async () => {
  await pool.close();
  pool = new EvaluationPool();
});

describe('the threads that evaluate', () => {
  test('give what the device takes, and refuse what is no element', async () => {
    const evaluation = await pool.evaluate({ secretKey, fields, blinded: [made.blinded] });
    if (!evaluation) throw new Error('refused');
    const [value] = finishClips(fields, publicKey, [made], evaluation) ?? [];
    expect(value).toBeDefined();
    const identity = [made.blinded, new Uint8Array(32)];
    expect(await pool.evaluate({ secretKey, fields, blinded: identity })).toBeNull();

    const key = tagKey((value ?? nonce).slice(0, VALUE_BYTES), nonce);
    const elements = [made.blinded, made.blinded];
    const tagged = { purpose: 'hold', fields, nonce, elements, conversation: 'here' } as const;
    const tag = clipTag(key, tagged);
    const check = (change: object) =>
      pool.check({ secretKey, tagged: { ...tagged, ...change }, tag });
    expect(await check({})).toBe('right');
    expect(await check({ conversation: 'there' })).toBe('wrong-tag');
    expect(await check({ purpose: 'settle' })).toBe('wrong-tag');
    expect(await check({ elements: [made.blinded] })).toBe('wrong-tag');
    expect(await check({ elements: identity })).toBe('malformed-element');
  });

  test('leave the event loop to the chats', async () => {
    await pool.evaluate(order);
    const turns = watchTurns();
    await Promise.all(Array.from({ length: 60 }, () => pool.evaluate(order)));
    expect(turns.longest()).toBeLessThan(15);
  });

  test('take no more than they can, so that a flood ends here', async () => {
    const flood = Array.from({ length: 600 }, () =>
      pool.check({
        secretKey,
        tagged: { purpose: 'hold', fields, nonce, elements: [nonce], conversation: '' },
        tag: nonce
      })
    );
    const settled = await Promise.allSettled(flood);
    expect(settled.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(50);
    expect(settled.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(
      500
    );
  });

  test('fail what waits when they are closed', async () => {
    const waiting = [pool.evaluate(order), pool.evaluate(order), pool.evaluate(order)];
    const settled = Promise.allSettled(waiting);
    await pool.close();
    expect((await settled).map(({ status }) => status)).toContain('rejected');
    await expect(pool.evaluate(order)).rejects.toThrow('no more');
  });
});

test('no answer comes sooner than the floor, however soon it is known', async () => {
  const service = await AService.start({ floor: 120 });
  const started = performance.now();
  expect(await service.askRaw(holdClip.name, {})).toEqual({
    ok: false,
    refusal: 'malformed-request'
  });
  // Timers may come a millisecond early.
  expect(performance.now() - started).toBeGreaterThan(118);
  await service.stop();
});
