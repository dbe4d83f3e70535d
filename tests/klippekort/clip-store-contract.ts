import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClipLink, Clips, SpentClip } from '#server/store/durable/clips.ts';

/** A store that can be opened again over what it had written down. */
export interface ClipStoreUnderTest {
  readonly clips: Clips;
  /** Closes it and opens another over the same data. */
  reopen(): Promise<ClipStoreUnderTest>;
  remove(): Promise<void>;
}

const bytes = () => new Uint8Array(randomBytes(32));
const clip = (change: Partial<SpentClip> = {}): SpentClip => ({
  id: bytes(),
  elements: bytes(),
  expires: 2027,
  ...change
});
const link = (change: Partial<ClipLink> = {}): ClipLink => ({
  conversation: bytes(),
  decides: false,
  day: 20_000,
  ...change
});

/** What every store of clips must do. */
export function clipStoreContract(name: string, open: () => Promise<ClipStoreUnderTest>): void {
  describe(`clips on ${name}`, () => {
    let store: ClipStoreUnderTest;
    let clips: Clips;
    beforeEach(async () => {
      store = await open();
      clips = store.clips;
    });
    afterEach(() => store.remove());
    const reopen = async () => {
      store = await store.reopen();
      clips = store.clips;
    };

    describe('a hold', () => {
      test('wins once of a hundred at once, for a hundred conversations', async () => {
        for (let turn = 0; turn < 5; turn += 1) {
          const one = clip();
          const answers = await Promise.all(
            Array.from({ length: 100 }, () => clips.hold({ ...one, elements: bytes() }, link()))
          );
          expect(answers.filter((answer) => answer === 'held')).toHaveLength(1);
          expect(answers.filter((answer) => answer === 'spent')).toHaveLength(99);
        }
      });

      test('is one of a hundred clips for one conversation', async () => {
        const where = link();
        const answers = await Promise.all(
          Array.from({ length: 100 }, () => clips.hold(clip(), where))
        );
        expect(answers.filter((answer) => answer === 'held')).toHaveLength(1);
        expect(answers.filter((answer) => answer === 'already')).toHaveLength(99);
        expect(await clips.spent()).toHaveLength(1);
      });

      test('is the same when it is repeated, before and after a crash', async () => {
        const [one, where] = [clip(), link()];
        expect(await clips.hold(one, where)).toBe('held');
        expect(await clips.hold(one, where)).toBe('held');
        await reopen();
        expect(await clips.hold(one, where)).toBe('held');
        expect(await clips.find(one.id)).toEqual({
          elements: one.elements,
          state: 'open',
          conversation: where.conversation
        });
        expect(await clips.spent()).toEqual([one.id]);
      });

      test('is spent for other elements, another conversation, and once it is settled', async () => {
        const [one, where] = [clip(), link()];
        await clips.hold(one, where);
        expect(await clips.hold({ ...one, elements: bytes() }, where)).toBe('spent');
        expect(await clips.hold(one, link())).toBe('spent');
        await clips.settle(one.id, 'did-not');
        expect(await clips.hold(one, where)).toBe('spent');
      });

      test('leaves nothing when it is refused', async () => {
        const where = link();
        await clips.issue(where.conversation, bytes(), where.day);
        const one = clip();
        expect(await clips.hold(one, where)).toBe('already');
        expect(await clips.find(one.id)).toBeNull();
        expect(await clips.hold(one, link())).toBe('held');
      });
    });

    describe('an outcome', () => {
      test('is set once, whoever asks, and stays', async () => {
        const one = clip();
        await clips.hold(one, link());
        const answers = await Promise.all(
          Array.from({ length: 50 }, (_, turn) =>
            clips.settle(one.id, turn % 2 === 0 ? 'took-place' : 'did-not')
          )
        );
        expect(new Set(answers).size).toBe(1);
        await reopen();
        expect(await clips.settle(one.id, 'did-not')).toBe(answers[0]);
        expect(await clips.settle(one.id, 'took-place')).toBe(answers[0]);
      });

      test('cuts the link to the conversation', async () => {
        const [one, where] = [clip(), link({ decides: true })];
        await clips.hold(one, where);
        expect(await clips.heldFor(where.conversation)).toEqual({ id: one.id, decides: true });
        await clips.settle(one.id, 'did-not');
        expect(await clips.heldFor(where.conversation)).toBeNull();
        expect((await clips.find(one.id))?.conversation).toBeNull();
      });

      test('does not free the conversation for another clip or a card', async () => {
        const [one, where] = [clip(), link()];
        await clips.hold(one, where);
        await clips.settle(one.id, 'took-place');
        expect(await clips.hold(clip(), where)).toBe('already');
        expect(await clips.issuedIn(where.conversation)).toBe('none');
        expect(await clips.issue(where.conversation, bytes(), 20_000)).toBe('already');
      });

      test('of what nobody holds is none', async () => {
        expect(await clips.settle(bytes(), 'took-place')).toBeNull();
        expect(await clips.find(bytes())).toBeNull();
        expect(await clips.heldFor(bytes())).toBeNull();
      });
    });

    describe('a clip given back', () => {
      test('is spent as one that did not take place, once', async () => {
        const one = clip();
        expect(await clips.giveBack(one)).toBe('did-not');
        expect(await clips.giveBack(one)).toBe('did-not');
        expect(await clips.giveBack({ ...one, elements: bytes() })).toBe('spent');
        expect(await clips.hold(one, link())).toBe('spent');
        expect(await clips.spent()).toEqual([one.id]);
      });

      test('changes nothing of one that is held or settled', async () => {
        const [one, where] = [clip(), link()];
        await clips.hold(one, where);
        expect(await clips.giveBack(one)).toBe('open');
        await clips.settle(one.id, 'took-place');
        expect(await clips.giveBack(one)).toBe('took-place');
      });

      test('or held, when both come at once, is one of the two', async () => {
        for (let turn = 0; turn < 20; turn += 1) {
          const [one, where] = [clip(), link()];
          const [held, back] = await Promise.all([clips.hold(one, where), clips.giveBack(one)]);
          expect([
            ['held', 'open'],
            ['spent', 'did-not']
          ]).toContainEqual([held, back]);
        }
      });
    });

    describe('a card', () => {
      test('is issued once in a conversation, and the same when repeated', async () => {
        const [where, elements] = [bytes(), bytes()];
        expect(await clips.issuedIn(where)).toBeNull();
        const others = Array.from({ length: 50 }, () => clips.issue(where, bytes(), 20_000));
        const answers = await Promise.all([clips.issue(where, elements, 20_000), ...others]);
        expect(answers.filter((answer) => answer === 'issued')).toHaveLength(1);
        const won = await clips.issuedIn(where);
        if (!(won instanceof Uint8Array)) throw new Error('not issued');
        await reopen();
        expect(await clips.issue(where, won, 20_000)).toBe('issued');
        expect(await clips.issuedIn(where)).toEqual(won);
      });
    });

    describe('a decision', () => {
      test('counts when both said the same, and then stays', async () => {
        const where = bytes();
        expect(await clips.say(where, 'visitor', 'stop', 1)).toBe(false);
        expect(await clips.say(where, 'visitor', 'inform', 1)).toBe(false);
        expect(await clips.say(where, 'counsellor', 'stop', 1)).toBe(false);
        expect(await clips.decisionIn(where)).toBeNull();
        expect(await clips.say(where, 'counsellor', 'inform', 1)).toBe(true);
        expect(await clips.decisionIn(where)).toBe('inform');
        await reopen();
        expect(await clips.say(where, 'visitor', 'inform', 1)).toBe(true);
        expect(await clips.say(where, 'visitor', 'stop', 1)).toBe('already');
      });

      test('gives one clip of a hundred at once, the same when repeated', async () => {
        const where = bytes();
        const one = clip();
        expect(await clips.decide(one, where)).toBe('no-decision');
        await clips.say(where, 'visitor', 'involve', 1);
        expect(await clips.decide(one, where)).toBe('no-decision');
        await clips.say(where, 'counsellor', 'involve', 1);
        const many = Array.from({ length: 100 }, () => clip());
        const answers = await Promise.all(many.map((each) => clips.decide(each, where)));
        expect(answers.filter((answer) => answer === 'involve')).toHaveLength(1);
        expect(answers.filter((answer) => answer === 'already')).toHaveLength(99);
        const won = many[answers.indexOf('involve')] ?? one;
        await reopen();
        expect(await clips.decide(won, where)).toBe('involve');
        expect(await clips.decide({ ...won, elements: bytes() }, where)).toBe('spent');
        expect(await clips.find(won.id)).toEqual({
          elements: won.elements,
          state: 'involve',
          conversation: null
        });
        expect(await clips.decisionIn(where)).toBeNull();
      });

      test('settles the pending clip held for it, and no other outcome does', async () => {
        const [one, where] = [clip(), link({ decides: true })];
        await clips.hold(one, where);
        expect(await clips.settle(one.id, 'inform')).toBe('open');
        await clips.say(where.conversation, 'visitor', 'inform', 1);
        await clips.say(where.conversation, 'counsellor', 'inform', 1);
        expect(await clips.settle(one.id, 'stop')).toBe('open');
        expect(await clips.settle(one.id, 'inform')).toBe('inform');
        expect(await clips.settle(one.id, 'did-not')).toBe('inform');
        expect(await clips.decide(clip(), where.conversation)).toBe('already');
      });

      test('that gave its clip to another leaves the held one open', async () => {
        const [one, where] = [clip(), link({ decides: true })];
        await clips.hold(one, where);
        await clips.say(where.conversation, 'visitor', 'inform', 1);
        await clips.say(where.conversation, 'counsellor', 'inform', 1);
        expect(await clips.decide(clip(), where.conversation)).toBe('inform');
        expect(await clips.settle(one.id, 'inform')).toBe('open');
        expect(await clips.settle(one.id, 'did-not')).toBe('did-not');
      });
    });

    describe('keys', () => {
      test('are made once for an epoch, however many want to', async () => {
        expect(await clips.key(2026)).toBeNull();
        const answers = await Promise.all(
          Array.from({ length: 50 }, () => clips.key(2026, bytes()))
        );
        expect(new Set(answers.map((key) => Buffer.from(key ?? []).toString('hex'))).size).toBe(1);
        await reopen();
        expect(await clips.key(2026, bytes())).toEqual(answers[0]);
        await clips.key(2025, bytes());
        expect((await clips.keys()).map(({ epoch }) => epoch)).toEqual([2025, 2026]);
      });
    });

    describe('what is too old', () => {
      test('goes, and nothing else', async () => {
        const old = clip({ expires: 2025 });
        const young = clip({ expires: 2026 });
        const [left, fresh] = [link({ day: 10 }), link({ day: 11 })];
        await clips.giveBack(old);
        await clips.giveBack(young);
        const [unsettled, open] = [clip(), clip({ expires: 2025 })];
        await clips.hold(unsettled, left);
        await clips.hold(open, fresh);
        await clips.issue(bytes(), bytes(), 10);
        await clips.say(left.conversation, 'visitor', 'stop', 10);
        await clips.key(2024, bytes());
        await clips.key(2025, bytes());
        await clips.forget({ day: 11, epoch: 2025 });
        expect(await clips.find(old.id)).toBeNull();
        expect(await clips.find(young.id)).not.toBeNull();
        // In doubt a clip is the holder's.
        expect(await clips.find(unsettled.id)).toMatchObject({
          state: 'did-not',
          conversation: null
        });
        expect(await clips.issuedIn(left.conversation)).toBeNull();
        expect((await clips.find(open.id))?.state).toBe('open');
        expect(await clips.issuedIn(fresh.conversation)).toBe('none');
        expect((await clips.keys()).map(({ epoch }) => epoch)).toEqual([2025]);
      });
    });

    test('the names of spent clips come in the order of the names', async () => {
      for (let turn = 0; turn < 20; turn += 1) await clips.giveBack(clip());
      const names = (await clips.spent()).map((id) => Buffer.from(id).toString('hex'));
      expect(names).toEqual(names.toSorted());
      expect(names).toHaveLength(20);
    });
  });
}
