// What a sender is told costs a system call each time: on several nodes those decide how late the latest
// message is.
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { firstOf, FrameKind, messageFrame, receivedFrame, secondOf } from '#shared/wire/frame.ts';
import { relayEvent } from '#shared/wire/parser.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import { aConversation, everybodyLeaves, type Person } from '#tests/support/people.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterEach(async () => {
  vi.useRealTimers();
  await everybodyLeaves(app);
});
afterAll(() => app.stop());

/** Every position that somebody is told from now on: up to where it is stored, and delivered. */
function positionsOf(person: Person): readonly (readonly [number, number])[] {
  const told: [number, number][] = [];
  person.socket.on(relayEvent, (bytes: Uint8Array) => {
    const frame = new Uint8Array(bytes);
    if (frame[0] === FrameKind.status) told.push([firstOf(frame), secondOf(frame)]);
  });
  return told;
}

test('a message that is delivered at once is told once: stored and delivered', async () => {
  const { visitor, counsellor } = await aConversation(app);
  // At once, however busy this machine is.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const told = positionsOf(visitor);
  visitor.send(messageFrame(1, 1, new Uint8Array(16)));
  await counsellor.nextMessage();
  counsellor.send(receivedFrame(1));
  await expect.poll(() => told).toEqual([[1, 1]]);
});

test('one that nobody takes is told as stored all the same', async () => {
  const { visitor, counsellor } = await aConversation(app);
  counsellor.leave();
  const told = positionsOf(visitor);
  visitor.send(messageFrame(1, 1, new Uint8Array(16)));
  await expect.poll(() => told).toEqual([[1, 0]]);
});
