import { describe, expect, it } from 'vitest';
import { HashingTurns } from '#server/counsellor/hashing-turns.ts';
import { Lockout } from '#server/counsellor/lockout.ts';

describe('a lockout', () => {
  it('grows to fifteen minutes and no further', () => {
    const lockout = new Lockout();
    let now = 0;
    const waits: number[] = [];
    for (let n = 0; n < 20; n += 1) {
      lockout.attempt('sofie', now);
      const seconds = lockout.secondsLeft('sofie', now);
      waits.push(seconds);
      now += seconds * 1000;
    }
    expect(waits).toEqual([
      ...[0, 0, 0, 0, 0],
      ...[1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
      ...[900, 900, 900, 900, 900]
    ]);
  });

  it('holds for one name only', () => {
    const lockout = new Lockout();
    for (let n = 0; n < 10; n += 1) lockout.attempt('sofie', 0);
    expect(lockout.secondsLeft('mikkel', 0)).toBe(0);
  });

  it('is not counted for an attempt that was taken back', () => {
    const lockout = new Lockout();
    for (let n = 0; n < 10; n += 1) lockout.attempt('sofie', 0)();
    expect(lockout.secondsLeft('sofie', 0)).toBe(0);
  });

  it('remembers the name under attack while ten thousand others are tried', () => {
    const lockout = new Lockout();
    for (let n = 0; n < 10; n += 1) lockout.attempt('sofie', 0);
    for (let n = 0; n < 9_999; n += 1) lockout.attempt(`name ${n}`, 0);
    expect(lockout.secondsLeft('sofie', 0)).toBe(16);
  });
});

describe('turns', () => {
  it('go on after work that fails', async () => {
    const turns = new HashingTurns(1, 5);
    const fail = () => Promise.reject(new Error('broken'));
    const results = await Promise.allSettled([
      turns.take(fail),
      turns.take(fail),
      turns.take(async () => 3)
    ]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(await turns.take(async () => 4)).toBe(4);
  });

  it('are never taken by more than may at a time', async () => {
    const turns = new HashingTurns(2, 20);
    let now = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, (now += 1));
      await new Promise((done) => setTimeout(done, 2));
      now -= 1;
    };
    const all = await Promise.all(Array.from({ length: 30 }, () => turns.take(work)));
    expect(most).toBe(2);
    expect(all.filter((one) => one === 'busy')).toHaveLength(8);
  });
});
