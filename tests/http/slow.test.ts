import { connect } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { aServer } from './serving.ts';

let serving: Awaited<ReturnType<typeof aServer>>;
beforeAll(async () => {
  serving = await aServer();
});
afterAll(() => serving.stop());

const post = 'POST /desk/echo HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

it.concurrent.each([
  ['says nothing', '', 7],
  ['sends its headers a letter at a time', 'GET / HTTP/1.1\r\nX', 7],
  ['sends its body a letter at a time', `${post}Content-Length: 100\r\n\r\n{`, 10],
  ['asks once and stays', 'GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n', 7]
])('lets go of who %s', async (_, sent, seconds) => {
  const from = Date.now();
  const socket = connect(serving.port, '127.0.0.1').on('error', () => {});
  socket.write(sent);
  const trickling = setInterval(() => sent.endsWith('\n\r\n') || socket.write(sent && 'x'), 500);
  await new Promise((closed) => socket.on('close', closed).resume());
  clearInterval(trickling);
  expect(Date.now() - from).toBeLessThan(seconds * 1000);
});
