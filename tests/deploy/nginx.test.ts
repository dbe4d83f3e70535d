import { readFileSync } from 'node:fs';
import http, { type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io } from 'socket.io-client';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { lookIn } from '#shared/queue/calls.ts';
import { parser } from '#shared/wire/parser.ts';
import { startApp } from '#tests/support/app.ts';
import { aCanary, search } from '#tests/support/canary.ts';
import { filesIn, output } from '#tests/support/haystacks.ts';
import { Nginx } from '#tests/support/nginx.ts';

let nginx: Nginx | null = null;
afterEach(async () => {
  await nginx?.stop();
  nginx = null;
});

/** A node that only notes what reaches it. */
async function aNode(status = 200) {
  const seen: { headers: IncomingHttpHeaders; url: string }[] = [];
  const server = http.createServer((request, response) => {
    seen.push({ headers: request.headers, url: request.url ?? '' });
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
  const node = await aNode();
  nginx = await Nginx.before([node.port]);
  const answer = await fetch(`${nginx.origin}/chat`, { headers: identifying });
  expect(await answer.text()).toBe('a page');
  const missing = await fetch(`${nginx.origin}/${'x'.repeat(9000)}`, { headers: identifying });
  expect(missing.status).toBe(414);

  expect(node.seen).toHaveLength(1);
  expect(JSON.stringify(node.seen)).not.toContain(who.text);
  const allowed = ['accept', 'accept-encoding', 'host', 'sec-fetch-mode'];
  for (const name of Object.keys(node.seen[0]?.headers ?? {})) expect(allowed).toContain(name);
  expect(search([who], [...filesIn(nginx.folder), output(nginx.output)])).toEqual([]);
});

test('a configuration that logs would be found by the same search', async () => {
  const node = await aNode();
  nginx = await Nginx.before([node.port], (text) =>
    text.replace('access_log off;', 'access_log logs/access.log combined;')
  );
  await (await fetch(`${nginx.origin}/chat`, { headers: identifying })).text();
  expect(search([who], filesIn(nginx.folder)).map(({ where }) => where)).toContain(
    'logs/access.log'
  );
});

test('bodies are held in memory, and one that is too large is refused', async () => {
  const node = await aNode();
  nginx = await Nginx.before([node.port]);
  const post = (length: number) =>
    fetch(`${nginx?.origin}/desk/sign-in`, { method: 'POST', body: who.text.repeat(length) });
  expect((await post(1000)).status).toBe(200);
  expect((await post(10_000)).status).toBe(413);
  expect(search([who], filesIn(nginx.folder))).toEqual([]);
});

test('a node that does not answer is left for another one', async () => {
  const gone = await aNode();
  await new Promise((closed) => gone.server.close(closed));
  const stopping = await aNode(503);
  const well = await aNode();
  nginx = await Nginx.before([gone.port, stopping.port, well.port]);
  for (let n = 0; n < 6; n += 1) expect((await fetch(nginx.origin)).status).toBe(200);
});

test('the service behind it: pages, headers and a live line', async () => {
  const app = await startApp();
  onTestFinished(() => app.stop());
  nginx = await Nginx.before([app.port]);
  const page = await fetch(`${nginx.origin}/chat`);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(page.headers.get('server')).toBe('nginx');

  const socket = io(nginx.origin, {
    parser,
    transports: ['websocket'],
    forceNew: true,
    extraHeaders: { origin: app.origin }
  });
  onTestFinished(() => void socket.disconnect());
  const answer = await socket.timeout(5_000).emitWithAck(lookIn.name, {});
  expect(answer).toEqual({ ok: true, value: { onShift: 0, waiting: 0 } });
});

test('the unit keeps memory off the disk and the journal in memory', () => {
  const ours = (path: string) =>
    readFileSync(new URL(`../../deploy/systemd/${path}`, import.meta.url), 'utf8');
  for (const line of ['LimitCORE=0', 'MemorySwapMax=0', 'ProtectSystem=strict', 'UMask=0077'])
    expect(ours('frirum.service')).toContain(`\n${line}\n`);
  expect(ours('journald@frirum.conf')).toContain('\nStorage=volatile\n');
});
