// T16: `__proto__`, `constructor` and `prototype` at every position of every call's JSON.
import { io } from 'socket.io-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { requestChallenge } from '#shared/queue/calls.ts';
import { openDesk } from '#shared/shift/calls.ts';
import type { Call } from '#shared/wire/define-call.ts';
import { parser } from '#shared/wire/parser.ts';
import { defaultLimits } from '#server/wire/limits.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import { examplesOf } from '#tests/support/examples.ts';
import { aVisitor, connect, everybodyLeaves, signIn, type Person } from '#tests/support/people.ts';

const keys = ['__proto__', 'constructor', 'prototype'];
const poison = { polluted: 'yes', as: 'staff', role: 'lead' };

let app: RunningApp;
let [visitor, counsellor, lead]: Person[] = [];
beforeAll(async () => {
  app = await startApp({ limits: { ...defaultLimits, rate: 1e6, burst: 1e6, openCalls: 1e6 } });
  visitor = await aVisitor(app);
  counsellor = await connect(app, { cookie: await signIn(app, 'mikkel'), as: 'staff' });
  lead = await connect(app, { cookie: await signIn(app, 'karen'), as: 'staff' });
});
afterAll(async () => {
  await everybodyLeaves(app);
  await app.stop();
});

/** The same object with one key more, which is its own and no setter. */
const withKey = (object: object, key: string): object =>
  Object.defineProperty({ ...object }, key, { value: poison, enumerable: true });

type Poisoned = readonly [position: string, value: unknown];

/** A value with something else at each of its positions, one at a time. */
function* poisoned(value: unknown, at = ''): Generator<Poisoned> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  for (const key of keys) {
    yield [`${at}=${key}`, withKey({}, key)];
    if (isObject) yield [`${at}+${key}`, withKey(value, key)];
  }
  if (Array.isArray(value))
    for (const [place, one] of value.slice(0, 1).entries())
      for (const [deep, other] of poisoned(one, `${at}/0`)) yield [deep, value.with(place, other)];
  else if (isObject)
    for (const [key, one] of Object.entries(value))
      for (const [deep, other] of poisoned(one, `${at}/${key}`))
        yield [deep, { ...value, [key]: other }];
}

/** Whoever may ask it, so that it is refused for what it is. */
function askerOf({ who }: Call): Person {
  const asker = who === 'anyone' ? visitor : [who].flat().includes('lead') ? lead : counsellor;
  if (!asker) throw new Error('nobody has come');
  return asker;
}

test('every call refuses them by name, and nothing is polluted', async () => {
  const before = Object.getOwnPropertyNames(Object.prototype);
  let asked = 0;
  for (const call of app.app.calls) {
    // Each position of all the forms that a request may have, once.
    const different = new Map(examplesOf(call.request).flatMap((one) => [...poisoned(one)]));
    const answers = await Promise.all(
      [...different.values()].map((request) => askerOf(call).askRaw(call.name, request))
    );
    const said = new Set(answers.map((answer) => JSON.stringify(answer)));
    expect({ call: call.name, said: [...said] }).toEqual({
      call: call.name,
      said: ['{"ok":false,"refusal":"malformed-request"}']
    });
    asked += different.size;
  }
  console.log(`${asked} poisoned questions to ${app.app.calls.length} calls`);
  expect(asked).toBeGreaterThan(1_000);
  // The service runs in this process: what it had polluted would be seen here.
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  for (const fresh of [{}, [], () => {}])
    for (const key of Object.keys(poison)) expect(key in fresh).toBe(false);
});

test('an untouched example of every call is not malformed', async () => {
  for (const call of app.app.calls) {
    const answer = await askerOf(call).askRaw(call.name, examplesOf(call.request)[0]);
    expect({ call: call.name, answer }).not.toMatchObject({
      answer: { refusal: 'malformed-request' }
    });
  }
});

test('a line that claims to be of the staff by its prototype is nobody’s', async () => {
  for (const key of keys) {
    const socket = io(app.origin, {
      parser,
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: withKey({}, key),
      extraHeaders: { origin: app.origin }
    });
    await new Promise((done) => socket.once('connect', () => done(null)));
    expect(await socket.emitWithAck(requestChallenge.name, {})).toMatchObject({ ok: true });
    expect(await socket.emitWithAck(openDesk.name, {})).toEqual({
      ok: false,
      refusal: 'not-allowed'
    });
    socket.disconnect();
  }
});
