import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { attach, endConversation, reportTookPlace } from '#shared/conversation/calls.ts';
import { joinQueue, leaveQueue, lookIn, takeNext } from '#shared/queue/calls.ts';
import { openDesk, setShift } from '#shared/shift/calls.ts';
import { messageFrame } from '#shared/wire/frame.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import {
  aConversation,
  aProof,
  aVisitor,
  connect,
  everybodyLeaves,
  join,
  signIn,
  young
} from '#tests/support/people.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterEach(() => everybodyLeaves(app));
afterAll(() => app.stop());

describe('the door refuses by name', () => {
  test('an event nobody declared', async () => {
    const visitor = await aVisitor(app);
    expect(await visitor.askRaw('admin:drop-everything', {})).toEqual({
      ok: false,
      refusal: 'unknown-call'
    });
  });

  test('an event without an acknowledgement', async () => {
    const visitor = await aVisitor(app);
    const refused = visitor.hears('wire:refused');
    visitor.socket.emit(lookIn.name, {});
    expect(await refused).toEqual({ refusal: 'no-acknowledgement' });
  });

  test.each([
    ['null', [null]],
    ['a number', [7]],
    ['a list', [[]]],
    ['a field too many', [{ extra: 1 }]],
    ['wrong types', [{ visitor: 'young', proof: {} }]],
    ['prototype keys', [JSON.parse('{"__proto__":{"x":1},"visitor":{"__proto__":{}},"proof":""}')]]
  ])('%s where an object is expected', async (_, request) => {
    const visitor = await aVisitor(app);
    expect(await visitor.askRaw(joinQueue.name, ...request)).toEqual({
      ok: false,
      refusal: 'malformed-request'
    });
  });

  test('two arguments, or none', async () => {
    const visitor = await aVisitor(app);
    for (const given of [[], [{}, {}]]) {
      const refused = visitor.hears('wire:refused');
      visitor.socket.emit(lookIn.name, ...given, () => {});
      expect(await refused).toEqual({ refusal: 'no-acknowledgement' });
    }
  });

  test('a staff call of a visitor, and a staff socket without a session', async () => {
    const visitor = await aVisitor(app);
    expect(await visitor.ask(takeNext, {})).toEqual({ ok: false, refusal: 'not-allowed' });
    await expect(connect(app, { as: 'staff' })).rejects.toThrow('not-signed-in');
    await expect(connect(app, { as: 'staff', cookie: 'frirum-try-out=x' })).rejects.toThrow(
      'not-signed-in'
    );
  });

  test('a lead who asks for what belongs to a conversation', async () => {
    const lead = await connect(app, { cookie: await signIn(app, 'karen'), as: 'staff' });
    expect(await lead.ask(openDesk, {})).toMatchObject({ ok: true, value: { role: 'lead' } });
    const notAllowed = { ok: false, refusal: 'not-allowed' };
    expect(await lead.ask(takeNext, {})).toEqual(notAllowed);
    expect(await lead.ask(setShift, { state: 'on' })).toEqual(notAllowed);
    expect(await lead.ask(reportTookPlace, {})).toEqual(notAllowed);
    expect(await lead.askRaw('counsellor:request-certificate', {})).toEqual(notAllowed);
  });

  test('a page of another origin', async () => {
    const elsewhere = { origin: app.origin };
    const socket = connect({ ...elsewhere, origin: app.origin.replace('127.0.0.1', 'localhost') });
    await expect(socket).resolves.toBeDefined();
    const { io } = await import('socket.io-client');
    const foreign = io(app.origin, {
      transports: ['websocket'],
      reconnection: false,
      extraHeaders: { origin: 'https://evil.example' }
    });
    await new Promise<void>((resolve) => foreign.once('connect_error', () => resolve()));
    expect(foreign.connected).toBe(false);
  });
});

describe('a conversation refuses by name', () => {
  test('a capability that is forged, changed or of another role', async () => {
    const { visitor, visitorToken, counsellorToken } = await aConversation(app);
    const stranger = await aVisitor(app);
    const flipped = (token: string, at: number) =>
      token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1);
    const forged = [counsellorToken, 'A'.repeat(78)];
    for (let at = 0; at < visitorToken.length - 1; at += 5) forged.push(flipped(visitorToken, at));
    for (const capability of forged)
      expect(await stranger.ask(attach, { capability, expected: 1 })).toEqual({
        ok: false,
        refusal: 'unknown-capability'
      });
    visitor.leave();
  });

  test('a message of a socket that belongs nowhere', async () => {
    const stranger = await aVisitor(app);
    const refused = stranger.hears('wire:refused');
    stranger.send(messageFrame(1, 1, new Uint8Array(40)));
    expect(await refused).toEqual({ refusal: 'not-attached' });
  });

  test('a message after the end, and coming back after it', async () => {
    const { visitor, counsellor, visitorToken } = await aConversation(app);
    const closed = visitor.hears('conversation:closed');
    expect(await counsellor.ask(endConversation, {})).toEqual({ ok: true, value: {} });
    await closed;
    const refused = visitor.hears('wire:refused');
    visitor.send(messageFrame(1, 1, new Uint8Array(40)));
    expect(await refused).toEqual({ refusal: 'not-attached' });
    expect(await visitor.ask(attach, { capability: visitorToken, expected: 1 })).toEqual({
      ok: false,
      refusal: 'conversation-closed'
    });
    expect(await counsellor.ask(endConversation, {})).toEqual({
      ok: false,
      refusal: 'not-attached'
    });
  });

  test('joining twice, leaving twice', async () => {
    const visitor = await aVisitor(app);
    await join(visitor);
    const again = { visitor: young, proof: await aProof(visitor) };
    expect(await visitor.ask(joinQueue, again)).toEqual({ ok: false, refusal: 'already-waiting' });
    expect((await visitor.ask(leaveQueue, {})).ok).toBe(true);
    expect(await visitor.ask(leaveQueue, {})).toEqual({ ok: false, refusal: 'not-waiting' });
  });

  test('a second tab takes the place of the first, which is told', async () => {
    const { visitor, counsellor, visitorToken } = await aConversation(app);
    const moved = visitor.hears('conversation:moved');
    const second = await aVisitor(app);
    expect((await second.ask(attach, { capability: visitorToken, expected: 1 })).ok).toBe(true);
    await moved;
    second.send(messageFrame(1, 1, Uint8Array.of(7)));
    expect(await counsellor.nextMessage()).toEqual(messageFrame(1, 1, Uint8Array.of(7)));
    expect(await second.ask(attach, { capability: visitorToken, expected: 1 })).toEqual({
      ok: false,
      refusal: 'already-attached'
    });
  });

  test('a frame of 64 kB and one byte closes the socket; the conversation lives', async () => {
    const { visitor, counsellor, visitorToken } = await aConversation(app);
    const cut = visitor.hears('disconnect');
    visitor.send(new Uint8Array(65_537));
    await cut;
    const back = await aVisitor(app);
    expect((await back.ask(attach, { capability: visitorToken, expected: 1 })).ok).toBe(true);
    counsellor.send(messageFrame(1, 1, Uint8Array.of(9)));
    expect(await back.nextMessage()).toEqual(messageFrame(1, 1, Uint8Array.of(9)));
  });

  test.each([
    ['empty', []],
    ['of no kind', [9, 0, 0, 0, 1]],
    ['a message without content', [1, 0, 0, 0, 1, 0, 0, 0, 1]],
    ['a message numbered 0', [1, 0, 0, 0, 0, 0, 0, 0, 0, 5]],
    ['a base above n', [1, 0, 0, 0, 1, 0, 0, 0, 2, 5]],
    ['a short receipt', [2, 0, 0]],
    ['a status, which only servers send', [3, 0, 0, 0, 1, 0, 0, 0, 1]]
  ])('a frame that is %s', async (name, bytes) => {
    const { visitor } = await aConversation(app);
    if (name.startsWith('a status')) {
      visitor.send(Uint8Array.from(bytes));
      expect((await visitor.askRaw('queue:look-in', {})).ok).toBe(true);
      return;
    }
    const refused = visitor.hears('wire:refused');
    visitor.send(Uint8Array.from(bytes));
    expect(await refused).toEqual({ refusal: 'malformed-frame' });
  });
});

test('a flood of packets closes the socket', async () => {
  const visitor = await aVisitor(app);
  const cut = visitor.hears('disconnect');
  for (let i = 0; i < 100; i += 1) visitor.socket.emit(lookIn.name, {}, () => {});
  await cut;
});

test('every call declares who may ask, what, and what may be refused', () => {
  expect(app.app.calls.length).toBeGreaterThan(8);
  for (const { name, who, request, value, refusals } of app.app.calls) {
    expect(name).toMatch(/^[a-z]+:[a-z-]+$/);
    for (const one of [who].flat())
      expect(['anyone', 'staff', 'counsellor', 'lead', 'interpreter']).toContain(one);
    expect(request.kind).toBe('schema');
    expect(value.kind).toBe('schema');
    for (const refusal of refusals) expect(refusal).toMatch(/^[a-z]+(-[a-z]+)*$/);
  }
});
