// Who floods and does not agree to the end of the line is cut off all the same, and not read on.
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type RunningApp } from '#tests/support/app.ts';

let app: RunningApp;
beforeAll(async () => {
  app = await startApp();
});
afterAll(() => app.stop());

/** A short WebSocket text frame (RFC 6455, section 5.2) under a mask of zeros. */
const frame = (text: string) =>
  Buffer.concat([Buffer.from([0x81, 0x80 + text.length, 0, 0, 0, 0]), Buffer.from(text)]);

test('a flood that never closes its side is gone within two seconds', async () => {
  const socket = connect(app.port, '127.0.0.1').on('error', () => {});
  const gone = new Promise((closed) => socket.once('close', closed));
  socket.write(
    `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nOrigin: ${app.origin}\r\n` +
      'Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n' +
      'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'
  );
  await new Promise((answered) => socket.once('data', answered));
  socket.write(frame('40'));
  await expect.poll(() => app.app.io.engine.clientsCount).toBe(1);
  const began = performance.now();
  const flooding = setInterval(() => {
    for (let n = 0; n < 50; n += 1) socket.write(frame('421["queue:look-in",{}]'));
  }, 20);
  socket.resume();
  await gone;
  clearInterval(flooding);
  expect(performance.now() - began).toBeLessThan(2_000);
});
