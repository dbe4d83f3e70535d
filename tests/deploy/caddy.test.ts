import http, { type IncomingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { io } from 'socket.io-client';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { lookIn } from '#shared/queue/calls.ts';
import { parser } from '#shared/wire/parser.ts';
import { startApp } from '#tests/support/app.ts';
import { Caddy } from '#tests/support/caddy.ts';
import { aCanary, search } from '#tests/support/canary.ts';
import { filesIn, output } from '#tests/support/haystacks.ts';

let caddy: Caddy | null = null;
afterEach(async () => {
  await caddy?.stop();
  caddy = null;
});

/** A node that only notes what reaches it. */
async function aNode(status = 200) {
  const seen: { headers: IncomingHttpHeaders; url: string }[] = [];
  const server = http.createServer((request, response) => {
    if (request.url !== '/readyz') seen.push({ headers: request.headers, url: request.url ?? '' });
    request.resume().on('end', () => response.writeHead(status).end('a page'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { seen, port: (server.address() as AddressInfo).port, server };
}

const who = aCanary('who');
const identifying = {
  'user-agent': `Telefon/${who.text}`,
  'accept-language': `da-${who.text}`,
  referer: `https://elsewhere.example/${who.text}`,
  'x-forwarded-for': who.text,
  'x-real-ip': who.text,
  forwarded: `for=${who.text}`,
  'sec-ch-ua': who.text,
  'sec-ch-ua-platform': who.text
};

test('what says who somebody is does not reach the service, nor any file', async () => {
  const [node, gone] = [await aNode(), await aNode()];
  await new Promise((closed) => gone.server.close(closed));
  caddy = await Caddy.before([node.port]);
  const answer = await fetch(`${caddy.origin}/chat`, { headers: identifying });
  expect(await answer.text()).toBe('a page');
  const tooLarge = await fetch(`${caddy.origin}/desk/sign-in`, {
    ...{ method: 'POST', headers: identifying, body: who.text.repeat(10_000) }
  });
  expect([413, 502]).toContain(tooLarge.status);

  expect(node.seen.length).toBeGreaterThan(0);
  expect(JSON.stringify(node.seen)).not.toContain(who.text);
  expect(node.seen[0]?.headers['user-agent']).toBe('Go-http-client/1.1');
  const allowed = ['accept', 'accept-encoding', 'host', 'sec-fetch-mode', 'user-agent'];
  for (const name of Object.keys(node.seen[0]?.headers ?? {})) expect(allowed).toContain(name);
  expect(search([who], [...filesIn(caddy.folder), output(caddy.output)])).toEqual([]);

  // Its own log of what went wrong is the one that names who asked: written, it would be found.
  for (const [log, found] of [
    ['output discard', 0],
    ['output stderr', 1]
  ] as const) {
    await caddy.stop();
    caddy = await Caddy.before([gone.port], (text) =>
      text.replaceAll('lb_try_duration 3s', '').replace('output discard', log)
    );
    const failed = await fetch(`${caddy.origin}/${who.text}`, { headers: identifying });
    expect(failed.status).toBeGreaterThan(500);
    const { folder } = caddy;
    const isFound = () => search([who], [...filesIn(folder), output(caddy?.output ?? '')]);
    await expect.poll(() => Math.min(1, isFound().length)).toBe(found);
  }
}, 30_000);

test('the service behind it: pages and a live line, with TLS and without', async () => {
  const app = await startApp();
  onTestFinished(() => app.stop());
  const { port: stopping } = await aNode(503);
  const { origin: front } = (caddy = await Caddy.before([stopping, app.port]));
  const open = () => fetch(`${front}/chat`);
  // Until it has looked at both, it does not know that one is stopping.
  const statuses = async () =>
    (await Promise.all([open(), open(), open()])).map(({ status }) => status);
  await expect.poll(statuses).toEqual([200, 200, 200]);
  const page = await open();
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  const [tls, ca] = [`https://localhost:${caddy.tlsPort}`, caddy.authority];
  const sealed = await new Promise<http.IncomingMessage>((came, failed) =>
    https.get(`${tls}/chat`, { ca }, came).on('error', failed)
  );
  sealed.resume();
  expect(sealed.statusCode).toBe(200);

  for (const origin of [caddy.origin, tls]) {
    const socket = io(origin, {
      ...{ parser, transports: ['websocket'], forceNew: true, ca },
      extraHeaders: { origin: app.origin }
    });
    onTestFinished(() => void socket.disconnect());
    const answer = await socket.timeout(5_000).emitWithAck(lookIn.name, {});
    expect(answer).toEqual({ ok: true, value: { onShift: 0, waiting: 0 } });
  }
}, 30_000);
