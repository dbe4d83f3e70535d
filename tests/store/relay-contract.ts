import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { messageFrame } from '#shared/wire/frame.ts';
import type { Receiver, RelayStore, Role } from '#server/store/volatile/relay.ts';

/** What a socket would have been told, in order. */
class Heard implements Receiver {
  readonly told: unknown[] = [];
  message(frame: Uint8Array): void {
    this.told.push(['message', frame.at(-1)]);
  }
  status(stored: number, delivered: number): void {
    this.told.push(['status', stored, delivered]);
  }
  gap(stored: number): void {
    this.told.push(['gap', stored]);
  }
  otherHere(here: boolean): void {
    this.told.push(['other-here', here]);
  }
  moved(): void {
    this.told.push(['moved']);
  }
  returned(why: string): void {
    this.told.push(['returned', why]);
  }
  closed(): void {
    this.told.push(['closed']);
  }
  take(): unknown[] {
    return this.told.splice(0);
  }
}

const frame = (n: number, base = n) => messageFrame(n, base, Uint8Array.of(n));
const room = 'AAAAAAAAAAAAAAAAAAAAAA';

/** What every relay store must do; `heardAll` waits until what is under way has been told. */
export function relayContract(
  name: string,
  make: () => Promise<RelayStore>,
  heardAll: (relay: RelayStore) => Promise<unknown>
): void {
  describe(`relay on ${name}`, () => {
    let relay: RelayStore;
    let visitor: Heard;
    let counsellor: Heard;
    beforeEach(async () => {
      relay = await make();
      visitor = new Heard();
      counsellor = new Heard();
    });
    afterEach(() => relay.stop());

    const settle = () => heardAll(relay);
    const join = async (role: Role, heard: Heard, expected = 1, turn = 0, attempt = 0) => {
      const attached = await relay.attach(room, role, expected, heard, turn, attempt);
      if (!attached) throw new Error('closed');
      return attached;
    };
    const both = async () => {
      const v = (await join('visitor', visitor)).line;
      const c = (await join('counsellor', counsellor)).line;
      visitor.take();
      return { v, c };
    };

    test('stores, forwards, and tells when the other side has it', async () => {
      const { v, c } = await both();
      v.append(1, 1, frame(1));
      await settle();
      expect(counsellor.take()).toEqual([['message', 1]]);
      expect(visitor.take()).toEqual([['status', 1, 0]]);
      c.received(1);
      await settle();
      expect(visitor.take()).toEqual([['status', 1, 1]]);
    });

    test('answers a repeated message with its position and forwards it once', async () => {
      const { v } = await both();
      v.append(1, 1, frame(1));
      v.append(1, 1, frame(1));
      await settle();
      expect(counsellor.take()).toEqual([['message', 1]]);
      expect(visitor.take()).toEqual([
        ['status', 1, 0],
        ['status', 1, 0]
      ]);
    });

    test('names the gap when a number is missing, and stores nothing', async () => {
      const { v } = await both();
      v.append(3, 1, frame(3, 1));
      await settle();
      expect(visitor.take()).toEqual([['gap', 0]]);
      expect(counsellor.take()).toEqual([]);
    });

    test('a state just begun learns from a sync as well what the other side has received', async () => {
      const { v, c } = await both();
      c.sync(4);
      await settle();
      expect(visitor.take()).toContainEqual(['status', 3, 3]);
      // What was on its way is not forwarded again, and the next is.
      v.append(3, 3, frame(3));
      v.append(4, 4, frame(4));
      await settle();
      expect(counsellor.take().filter((told) => String(told).startsWith('message'))).toEqual([
        ['message', 4]
      ]);
      c.sync(7);
      await settle();
      expect(visitor.take().at(-1)).toEqual(['status', 4, 3]);
    });

    test('holds what was sent to somebody away, in order, until they have it', async () => {
      const v = (await join('visitor', visitor)).line;
      for (const n of [1, 2, 3]) v.append(n, 1, frame(n, 1));
      const c = (await join('counsellor', counsellor, 2)).line;
      await settle();
      counsellor.take();
      c.sync(2);
      await settle();
      expect(counsellor.take()).toEqual([
        ['message', 2],
        ['message', 3],
        ['status', 0, 0]
      ]);
      expect(visitor.told).toContainEqual(['status', 3, 1]);
    });

    test('accepts from the base on when its state is gone', async () => {
      const v = (await join('visitor', visitor)).line;
      v.append(41, 40, frame(41, 40));
      await settle();
      expect(visitor.take()).toEqual([['gap', 39]]);
      v.append(40, 40, frame(40));
      v.append(41, 40, frame(41, 40));
      const c = (await join('counsellor', counsellor, 40)).line;
      c.sync(40);
      await settle();
      expect(counsellor.take().filter((told) => (told as unknown[])[0] === 'message')).toEqual([
        ['message', 40],
        ['message', 41]
      ]);
    });

    test('believes a receiver only as far as something was sent', async () => {
      const { v, c } = await both();
      v.append(1, 1, frame(1));
      c.received(7);
      v.append(2, 1, frame(2, 1));
      await settle();
      expect(visitor.take()).toEqual([
        ['status', 1, 0],
        ['status', 2, 0]
      ]);
    });

    test('lets the newest socket of a role in and tells the one before', async () => {
      await both();
      const second = new Heard();
      const { line } = await join('visitor', second);
      await settle();
      expect(visitor.take()).toEqual([['moved']]);
      line.append(1, 1, frame(1));
      await settle();
      expect(counsellor.told).toContainEqual(['message', 1]);
    });

    test('what was held up on its way does not displace what was asked after it', async () => {
      const [newest, late] = [new Heard(), new Heard()];
      const { line } = await join('visitor', newest, 1, 0, 2);
      expect(await relay.attach(room, 'visitor', 1, late, 0, 1)).toBeNull();
      await settle();
      expect(newest.take()).not.toContainEqual(['moved']);
      line.append(1, 1, frame(1));
      await settle();
      expect(newest.take()).toContainEqual(['status', 1, 0]);
      // Who has gone is no reason to wait: a device may have lost its count.
      line.detach();
      await join('visitor', late, 1, 0, 1);
    });

    test('tells of the other side coming and going', async () => {
      const { c } = await both();
      c.detach();
      await settle();
      expect(visitor.take()).toEqual([['other-here', false]]);
      await join('counsellor', counsellor);
      await settle();
      expect(visitor.take()).toEqual([['other-here', true]]);
      expect(await relay.isHere(room, 'counsellor')).toBe(true);
    });

    test('ends once and for all', async () => {
      await both();
      await relay.close(room);
      await settle();
      expect(visitor.take()).toEqual([['closed']]);
      expect(counsellor.take()).toEqual([['closed']]);
      expect(await relay.isClosed(room)).toBe(true);
      expect(await relay.attach(room, 'visitor', 1, visitor, 0)).toBeNull();
    });

    test('is over for want of people only when nobody has been there for long', async () => {
      const { v, c } = await both();
      expect(await relay.closeIfLeft(room)).toBeGreaterThan(60_000);
      v.detach();
      c.detach();
      await settle();
      expect(await relay.closeIfLeft(room)).toBeGreaterThan(60_000);
      expect(await relay.isClosed(room)).toBe(false);
      await relay.close(room);
      expect(await relay.closeIfLeft(room)).toBe(0);
    });

    test('begins anew: both are told, what was said is gone, and numbers begin at one', async () => {
      const { v, c } = await both();
      v.append(1, 1, frame(1));
      c.append(1, 1, frame(1));
      await settle();
      visitor.take();
      counsellor.take();
      expect(await relay.restart(room, 1, 'counsellor-gone')).toBe(true);
      await settle();
      expect(visitor.take()).toEqual([['returned', 'counsellor-gone']]);
      expect(counsellor.take()).toEqual([['returned', 'counsellor-gone']]);
      expect(await relay.turnOf(room)).toBe(1);
      expect(await relay.isClosed(room)).toBe(false);
      expect(await relay.isHere(room, 'counsellor')).toBe(false);
      // What the lines of before still do changes nothing.
      v.append(2, 1, frame(2, 1));
      c.received(1);
      c.detach();
      v.detach();
      const next = new Heard();
      const again = await join('visitor', next, 1, 1);
      expect([again.stored, again.delivered, again.otherHere]).toEqual([0, 0, false]);
      again.line.append(1, 1, frame(1));
      const other = await join('counsellor', counsellor, 1, 1);
      other.line.sync(1);
      await settle();
      expect(counsellor.take()).toEqual([
        ['message', 1],
        ['status', 0, 0]
      ]);
    });

    test('has no place for a side of an earlier turn', async () => {
      await both();
      await relay.restart(room, 1, 'counsellor-away');
      await settle();
      const late = new Heard();
      expect(await relay.attach(room, 'counsellor', 1, late, 0)).toBeNull();
      expect(late.told).toEqual([]);
      expect(await relay.isHere(room, 'counsellor')).toBe(false);
    });

    test('a side of a later turn restarts it: the store may have been emptied', async () => {
      await both();
      const later = new Heard();
      const { otherHere } = await join('visitor', later, 1, 2);
      await settle();
      expect(otherHere).toBe(false);
      expect(counsellor.take()).toEqual([['returned', 'counsellor-away']]);
      expect(await relay.turnOf(room)).toBe(2);
    });

    test('restarts once a turn, not after the end, and not while somebody is here', async () => {
      const { c } = await both();
      expect(await relay.restart(room, 1, 'counsellor-away', 'counsellor')).toBe(false);
      expect(counsellor.take()).toEqual([]);
      c.detach();
      await settle();
      const tries = [1, 2, 3].map(() => relay.restart(room, 1, 'counsellor-away', 'counsellor'));
      const done = await Promise.all(tries);
      expect(done.filter((isDone) => isDone)).toHaveLength(1);
      await relay.close(room);
      expect(await relay.restart(room, 2, 'asked')).toBe(false);
    });

    test('remembers over a restart that both had written', async () => {
      await both();
      await relay.markTookPlace(room);
      await relay.restart(room, 1, 'asked');
      expect(await relay.outcomeOf(room)).toBe('took-place');
      await relay.close(room);
      expect(await relay.outcomeOf(room)).toBe('took-place');
    });
  });
}
