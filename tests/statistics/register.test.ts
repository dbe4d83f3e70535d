import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { conversationClosed, endConversation } from '#shared/conversation/calls.ts';
import { readStatistics, register } from '#shared/statistics/calls.ts';
import { counterOf } from '#shared/statistics/counter.ts';
import { isoWeekOf } from '#shared/statistics/iso-week.ts';
import { capabilityLife } from '#server/conversation/capability.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import { search, searchBytes } from '#tests/support/canary.ts';
import {
  aConversation,
  aVisitor,
  connect,
  everybodyLeaves,
  signIn,
  valueOf
} from '#tests/support/people.ts';
import { aRegistration, countersIn } from './a-registration.ts';

// A proof of work is checked by the real clock: this one only runs ahead of it.
let now = Date.now();
let app: RunningApp;
beforeAll(async () => {
  app = await startApp({ clock: { now: () => now } });
});
afterEach(() => everybodyLeaves(app));
afterAll(() => app.stop());

const refused = (refusal: string) => ({ ok: false, refusal });
const registration = aRegistration;

/** A conversation that is over, and the right of the counsellor who had it. */
async function anEnded() {
  const people = await aConversation(app);
  await valueOf(people.counsellor.ask(endConversation, {}));
  return { ...people, capability: people.counsellorToken };
}

describe('a conversation that is over', () => {
  test('is counted once, in its week, by two dimensions at most', async () => {
    const { desk, capability } = await anEnded();
    const before = countersIn(app.data);
    expect(await desk.ask(register, { capability, registration })).toEqual({ ok: true, value: {} });
    expect(await desk.ask(register, { capability, registration })).toEqual(
      refused('already-registered')
    );
    expect(await desk.ask(register, { capability, registration: 'nothing' })).toEqual(
      refused('already-registered')
    );
    const after = countersIn(app.data);
    const added = Object.keys(after).filter((name) => after[name] !== (before[name] ?? 0));
    expect(added.toSorted()).toEqual([
      'kind=young age=under-18',
      'length=15-30',
      'onward=continues-here',
      'registered=something',
      'substance=cannabis age=under-18',
      'theme=home age=under-18',
      'theme=loneliness age=under-18'
    ]);
    for (const name of added) expect(after[name]).toBe((before[name] ?? 0) + 1);
  });

  test('is counted once, also when it is asked 75 times at once', async () => {
    const { capability, desk } = await anEnded();
    const before = countersIn(app.data)['registered=something'] ?? 0;
    const asking = Array.from({ length: 25 }, async () =>
      connect(app, { cookie: desk.cookie, as: 'staff' })
    );
    const desks = await Promise.all(asking);
    const answers = await Promise.all(
      desks.flatMap((one) => [1, 2, 3].map(() => one.ask(register, { capability, registration })))
    );
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1);
    expect(countersIn(app.data)['registered=something']).toBe(before + 1);
  });

  test('may be registered as nothing, which counts as that alone', async () => {
    const { desk, capability } = await anEnded();
    const before = countersIn(app.data);
    await valueOf(desk.ask(register, { capability, registration: 'nothing' }));
    expect(countersIn(app.data)).toEqual({
      ...before,
      'registered=nothing': (before['registered=nothing'] ?? 0) + 1
    });
    expect(await desk.ask(register, { capability, registration })).toEqual(
      refused('already-registered')
    );
  });

  test('is registered by nobody else', async () => {
    const { desk, visitor, counsellorToken, visitorToken } = await anEnded();
    const before = countersIn(app.data);
    const asked = { capability: counsellorToken, registration };
    expect(await visitor.ask(register, asked)).toEqual(refused('not-allowed'));
    const sofie = await connect(app, { cookie: await signIn(app, 'sofie'), as: 'staff' });
    expect(await sofie.ask(register, asked)).toEqual(refused('not-your-conversation'));
    const karen = await connect(app, { cookie: await signIn(app, 'karen'), as: 'staff' });
    expect(await karen.ask(register, asked)).toEqual(refused('not-allowed'));
    for (const capability of [visitorToken, forged(counsellorToken), 'A'.repeat(78)])
      expect(await desk.ask(register, { capability, registration })).toEqual(
        refused('not-your-conversation')
      );
    expect(countersIn(app.data)).toEqual(before);
  });

  test('is closed by it, if nobody had told the server yet', async () => {
    const { desk, visitor, counsellorToken: capability } = await aConversation(app);
    const closed = visitor.hears(conversationClosed.name);
    await valueOf(desk.ask(register, { capability, registration }));
    await closed;
    expect(await desk.ask(register, { capability, registration })).toEqual(
      refused('already-registered')
    );
  });

  test('is not registered once the right to it has run out', async () => {
    const { desk, capability } = await anEnded();
    now += capabilityLife * 1000 + 1000;
    const later = await connect(app, { cookie: await signIn(app), as: 'staff' });
    expect(await later.ask(register, { capability, registration })).toEqual(
      refused('not-your-conversation')
    );
    desk.leave();
  });

  test('is not registered with what is none, and loses nothing by the try', async () => {
    const { desk, capability } = await anEnded();
    const before = countersIn(app.data);
    for (const wrong of [
      null,
      'something',
      { ...registration, age: 15 },
      { ...registration, themes: ['home', 'home'] },
      { ...registration, themes: ['weather'] },
      { ...registration, note: 'hun hedder Ida' },
      { ...registration, kind: undefined }
    ])
      expect(await desk.askRaw(register.name, { capability, registration: wrong })).toEqual(
        refused('malformed-request')
      );
    expect(countersIn(app.data)).toEqual(before);
    await valueOf(desk.ask(register, { capability, registration }));
  });

  test('leaves no name in the file, and no trace of what was counted together', async () => {
    const people = await anEnded();
    const { desk, capability, conversation } = people;
    await valueOf(desk.ask(register, { capability, registration }));
    const files = readdirSync(app.data).filter((name) => name.startsWith('frirum.sqlite'));
    const haystacks = files.map((where) => ({ where, bytes: readFileSync(join(app.data, where)) }));
    expect(search([{ name: 'conversation', text: conversation }], haystacks)).toEqual([]);
    expect(searchBytes('conversation', Buffer.from(conversation, 'base64url'), haystacks)).toEqual(
      []
    );
    expect(search([{ name: 'capability', text: capability }], haystacks)).toEqual([]);
    // It is found at all: the counters are there, and they name weeks and values alone.
    expect(search([{ name: 'week', text: isoWeekOf(now) }], haystacks)).not.toEqual([]);
    // Pages before and after would show which counters went up together.
    expect(statSync(join(app.data, 'frirum.sqlite-wal')).size).toBe(0);
    for (const name of Object.keys(countersIn(app.data)))
      expect(name).toMatch(/^(?:\w+=[\w-]+)(?: age=[\w-]+)?$/);
  });
});

describe('what a lead reads', () => {
  const lead = async () => connect(app, { cookie: await signIn(app, 'karen'), as: 'staff' });

  test('is published counts of a period that is over, and nothing sooner', async () => {
    const week = isoWeekOf(now);
    const asked = await (await lead()).ask(readStatistics, { week });
    expect(asked).toEqual(refused('period-not-over'));
    for (let many = 0; many < 6; many += 1) {
      const { desk, capability } = await anEnded();
      await valueOf(desk.ask(register, { capability, registration }));
      await everybodyLeaves(app);
    }
    now += 5 * 7 * 86_400_000;
    const { counts, first, last } = await valueOf((await lead()).ask(readStatistics, { week }));
    expect(first <= week && week <= last).toBe(true);
    const raw = countersIn(app.data);
    const whole = counts.find(({ of }) => counterOf(of) === 'registered=something');
    expect(whole?.shown).toBe(raw['registered=something']);
    // Nothing below the whole is a raw count.
    const below = counts.filter(({ of }) => !('registered' in of));
    expect(below.length).toBeGreaterThan(50);
    for (const { shown } of below) expect(typeof shown === 'string' || shown % 5 === 0).toBe(true);
  });

  test('is for leads alone', async () => {
    const week = '2026-W01';
    const counsellor = await connect(app, { cookie: await signIn(app), as: 'staff' });
    expect(await counsellor.ask(readStatistics, { week })).toEqual(refused('not-allowed'));
    expect(await (await aVisitor(app)).ask(readStatistics, { week })).toEqual(
      refused('not-allowed')
    );
    for (const wrong of ['2026-W54', '2026-W00', '2026', 7])
      expect(await (await lead()).askRaw(readStatistics.name, { week: wrong })).toEqual(
        refused('malformed-request')
      );
  });
});

/** The same right with one bit of its content changed. */
function forged(token: string): string {
  const bytes = Buffer.from(token, 'base64url');
  bytes[30] = (bytes[30] ?? 0) ^ 1;
  return bytes.toString('base64url');
}
