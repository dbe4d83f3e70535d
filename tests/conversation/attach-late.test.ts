// Of two sockets of one side the newest wins: but only one that is still there to win.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { attach, conversationMoved } from '#shared/conversation/calls.ts';
import { messageFrame } from '#shared/wire/frame.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import { aConversation, connect, everybodyLeaves } from '#tests/support/people.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterEach(() => everybodyLeaves(app));
afterAll(() => app.stop());

test('a socket that is gone when its question is read displaces nobody', async () => {
  const { visitor, counsellor, visitorToken } = await aConversation(app);
  let isMoved = false;
  void visitor.hears(conversationMoved.name).then(() => (isMoved = true));
  const late = await connect(app);
  const asked = late.ask(attach, { capability: visitorToken, expected: 1 }).catch(() => null);
  late.leave();
  await asked;
  counsellor.send(messageFrame(1, 1, new Uint8Array(16)));
  expect((await visitor.nextMessage()).length).toBeGreaterThan(16);
  expect(isMoved).toBe(false);
});

test('one that stays takes the place', async () => {
  const { visitor, counsellor, visitorToken } = await aConversation(app);
  const moved = visitor.hears(conversationMoved.name);
  const newer = await connect(app);
  await newer.ask(attach, { capability: visitorToken, expected: 1 });
  await moved;
  counsellor.send(messageFrame(1, 1, new Uint8Array(16)));
  await newer.nextMessage();
});
