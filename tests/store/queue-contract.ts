import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { QueueStore, Waiting } from '#server/store/volatile/queue-store.ts';

const name = () => randomBytes(16).toString('base64url');
export const waiting = (since: number, more: Partial<Waiting> = {}): Waiting => ({
  conversation: name(),
  visitor: { kind: 'young', age: 'under-18', language: 'da' },
  since,
  goneAt: null,
  stage: null,
  turn: 0,
  returned: null,
  ...more
});
export const sofie = { account: 'sofie', onShift: ['sofie'] };
const withMikkel = { with: 'mikkel', at: 1_000, checkedIn: 1 };
const since = (list: readonly Waiting[]) => list.map((one) => one.since);

/** A queue, and the way to stop it; `kept` milliseconds for a place nobody is at. */
export type MakeQueue = (kept?: number) => Promise<{ queue: QueueStore; stop(): Promise<void> }>;

/** What every queue must do. */
export function queueContract(on: string, make: MakeQueue): void {
  describe(`queue on ${on}`, () => {
    let queue: QueueStore;
    let stop: () => Promise<void>;
    beforeEach(async () => ({ queue, stop } = await make()));
    afterEach(() => stop());

    test('who has waited longest is next, with all that is known of them', async () => {
      const first = waiting(100, { stage: 'fifth', returned: 'asked' });
      for (const one of [waiting(300), first, waiting(200.5)])
        expect(await queue.put(one)).toBe(true);
      expect(since(await queue.list())).toEqual([100, 200.5, 300]);
      expect(await queue.takeNext(sofie)).toEqual(first);
      await vi.waitUntil(async () => (await queue.list()).length === 2);
      expect((await queue.openings()).length).toBe(1);
      expect(await queue.isTaken(first.conversation)).toBe(true);
      expect(await queue.find(first.conversation)).toBeNull();
      expect(await queue.remove(first.conversation)).toBe(false);
    });

    test('who is away keeps the place and is not taken, until they are back', async () => {
      const one = waiting(100);
      await queue.put(one);
      await queue.lost(one.conversation);
      expect(await queue.takeNext(sofie)).toBeNull();
      expect((await queue.find(one.conversation))?.goneAt).toBeGreaterThan(0);
      await queue.put(one);
      expect((await queue.takeNext(sofie))?.conversation).toBe(one.conversation);
    });

    test('who has booked is first, and left to a counsellor who is on shift', async () => {
      const mine = waiting(500, { booked: withMikkel });
      const other = waiting(100);
      await queue.put(other);
      await queue.put(mine);
      await queue.lost(mine.conversation);
      // Back after a lost line, without a word of the booking.
      await queue.put({ ...waiting(500), conversation: mine.conversation });
      expect(since(await queue.list())).toEqual([500, 100]);
      expect((await queue.find(mine.conversation))?.booked).toEqual(withMikkel);
      const both = ['sofie', 'mikkel'];
      expect((await queue.takeNext({ account: 'sofie', onShift: both }))?.since).toBe(100);
      expect(await queue.takeNext({ account: 'sofie', onShift: both })).toBeNull();
      const taken = await queue.takeNext({ account: 'mikkel', onShift: both });
      expect(taken).toMatchObject({ since: 500, booked: withMikkel });
    });

    test('whose counsellor is not on shift is anybody’s, and first', async () => {
      await queue.put(waiting(100));
      await queue.put(waiting(500, { booked: withMikkel }));
      expect((await queue.takeNext(sofie))?.since).toBe(500);
    });

    test('a clip that is shown is seen, of who waits alone', async () => {
      const one = waiting(100);
      await queue.put(one);
      expect(await queue.markStage(one.conversation, 'fifth')).toBe(true);
      expect((await queue.find(one.conversation))?.stage).toBe('fifth');
      expect((await queue.takeNext(sofie))?.stage).toBe('fifth');
      expect(await queue.markStage(one.conversation, 'fifth')).toBe(false);
      expect(await queue.find(one.conversation)).toBeNull();
    });

    test('who was taken does not wait again in the same turn, and once in the next', async () => {
      const one = waiting(100);
      await queue.put(one);
      await queue.takeNext(sofie);
      expect(await queue.put(one)).toBe(false);
      const back = { ...one, turn: 1, goneAt: Date.now(), returned: 'counsellor-away' } as const;
      expect(await queue.putBack(back)).toBe(true);
      expect(await queue.putBack(back)).toBe(false);
      expect(await queue.isTaken(one.conversation)).toBe(false);
      expect(await queue.takeNext(sofie)).toBeNull();
      expect(await queue.put({ ...back, goneAt: null })).toBe(true);
      expect(await queue.takeNext(sofie)).toMatchObject({ turn: 1, returned: 'counsellor-away' });
      expect(await queue.putBack(back)).toBe(false);
      expect(await queue.putBack({ ...back, turn: 2 })).toBe(true);
    });

    test('a counsellor who sits down ends the waiting, unless in a later turn', async () => {
      const one = waiting(100, { turn: 3 });
      await queue.put(one);
      await queue.markTaken(one.conversation, 2);
      expect(await queue.find(one.conversation)).not.toBeNull();
      await queue.markTaken(one.conversation, 2, 3);
      expect(await queue.find(one.conversation)).toBeNull();
      expect(await queue.isTaken(one.conversation)).toBe(true);
      expect(await queue.putBack(one)).toBe(true);
      await queue.markTaken(one.conversation, 3);
      expect(await queue.takeNext(sofie)).toBeNull();
    });

    test('of what is over nothing is kept', async () => {
      const one = waiting(100);
      await queue.put(one);
      await queue.over(one.conversation);
      expect(await queue.find(one.conversation)).toBeNull();
      expect(await queue.isTaken(one.conversation)).toBe(false);
      await vi.waitUntil(async () => (await queue.list()).length === 0);
    });

    test('a place nobody comes back to is forgotten, and told of once', async () => {
      await stop();
      ({ queue, stop } = await make(1));
      const forgotten: string[] = [];
      queue.onForgotten = (conversation) => forgotten.push(conversation);
      const one = waiting(100);
      await queue.put(one);
      await queue.lost(one.conversation);
      await vi.waitUntil(
        async () => {
          await queue.list();
          return forgotten.length > 0;
        },
        { timeout: 5_000 }
      );
      expect(await queue.find(one.conversation)).toBeNull();
      expect(forgotten).toEqual([one.conversation]);
    });

    test('a thousand takes at once take everybody once', async () => {
      const all = Array.from({ length: 300 }, (_, n) => waiting(n + 1));
      await Promise.all(all.map((one) => queue.put(one)));
      const taken = await Promise.all(Array.from({ length: 1_000 }, () => queue.takeNext(sofie)));
      const found = taken.flatMap((one) => one?.since ?? []);
      expect(found.toSorted((a, b) => a - b)).toEqual(since(all));
    });
  });
}
