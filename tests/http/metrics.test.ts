import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serveMetrics } from '#server/health/metrics.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import { aConversation, aVisitor, join } from '#tests/support/people.ts';
import { messageFrame, receivedFrame } from '#shared/wire/frame.ts';

let app: RunningApp;
let server: Awaited<ReturnType<typeof serveMetrics>>;
let url: string;
beforeAll(async () => {
  app = await startApp();
  server = await serveMetrics(0, app.app.measures.registry);
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/metrics`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  await app.stop();
});

const metrics = async () => {
  const text = await (await fetch(url)).text();
  const valueOf = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return { text, valueOf };
};

it('tells its numbers on a loopback port of its own', async () => {
  expect((server.address() as AddressInfo).address).toBe('127.0.0.1');
  expect((await fetch(url.replace('/metrics', '/'))).status).toBe(404);
  const { port } = server.address() as AddressInfo;
  await expect(serveMetrics(port, app.app.measures.registry)).rejects.toThrow(
    /METRICS_PORT .*EADDRINUSE/
  );
});

it('counts who waits, what is open and how long messages take, and says nothing of anybody', async () => {
  const { visitor, counsellor, conversation } = await aConversation(app);
  await join(await aVisitor(app));
  for (let n = 1; n <= 8; n += 1) visitor.send(messageFrame(n, 1, Uint8Array.of(n)));
  for (let n = 1; n <= 8; n += 1) await counsellor.nextMessage();
  counsellor.send(receivedFrame(8));
  await expect.poll(async () => (await metrics()).valueOf('frirum_delivery_seconds_count')).toBe(1);

  const { text, valueOf } = await metrics();
  expect(valueOf('frirum_conversations')).toBe(1);
  expect(valueOf('frirum_waiting')).toBe(1);
  expect(valueOf('frirum_on_shift')).toBe(1);
  expect(valueOf('frirum_sockets')).toBe(4);
  expect(valueOf('frirum_stores_up')).toBe(1);
  expect(valueOf('frirum_event_loop_delay_seconds')).toBeGreaterThan(0);
  expect(text).not.toContain(conversation);
  expect(text).not.toContain('mikkel');
  // The bounds of a histogram are the only label there is.
  expect(new Set(text.match(/[{,](\w+)=/g))).toEqual(new Set(['{le=']));
});
