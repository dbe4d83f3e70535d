import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { closedPolicy, workerPolicy } from '#server/pages/content-policy.ts';
import { aServer } from './serving.ts';

type Serving = Awaited<ReturnType<typeof aServer>>;
let plain: Serving;
let secure: Serving;

beforeAll(async () => {
  plain = await aServer({ notReady: () => 'stopping' });
  secure = await aServer({ https: true });
});
afterAll(async () => {
  await plain.stop();
  await secure.stop();
});

const json = { 'Content-Type': 'application/json' };
const answers: [status: number, method: string, path: string, body?: string][] = [
  [200, 'GET', '/'],
  [200, 'HEAD', '/'],
  [200, 'GET', '/en/chat'],
  [200, 'GET', '/desk'],
  [200, 'GET', '/desk/team'],
  [200, 'GET', '/desk/shifts'],
  [200, 'GET', '/desk/invitation'],
  [200, 'GET', '/en/desk/invitation'],
  [404, 'GET', '/desk/invitation/x'],
  [308, 'GET', '/chat/'],
  [404, 'GET', '/nowhere'],
  [404, 'GET', '/%'],
  [404, 'GET', '/chat.html'],
  [404, 'GET', '/chat%2Ehtml'],
  [404, 'GET', '/index.html.br'],
  [404, 'GET', '/../package.json'],
  [200, 'GET', '/exit.js'],
  [200, 'GET', '/_app/immutable/entry/start.abc.js'],
  [404, 'GET', '/_app/immutable/entry/gone.js'],
  [303, 'GET', '/leave'],
  [200, 'GET', '/healthz'],
  [503, 'GET', '/readyz'],
  [500, 'GET', '/desk/broken'],
  [200, 'POST', '/desk/echo', '{"a":1}'],
  [400, 'POST', '/desk/echo', '{"a":'],
  [413, 'POST', '/desk/echo', JSON.stringify({ a: 'x'.repeat(9000) })],
  [405, 'POST', '/', '{}'],
  [405, 'PUT', '/chat'],
  [405, 'DELETE', '/desk/session'],
  [405, 'OPTIONS', '/desk/sign-in'],
  [405, 'PATCH', '/nowhere']
];

describe('every answer carries the closed headers', () => {
  it.each(answers)('%i %s %s', async (status, method, path, body) => {
    const log = vi.spyOn(console, 'error').mockReturnValue();
    const answer = await plain.ask(path, { method, ...(body && { body, headers: json }) });
    expect(answer.status).toBe(status);
    const { headers } = answer;
    // Each only for the pages that use it, and for no other answer.
    const on = (pages: RegExp) => (status === 200 && pages.test(path) ? 'self' : '');
    const camera = on(/^(\/en)?\/(chat|card)$/);
    const create = on(/^(\/en)?\/desk\/invitation$/);
    const get = on(/^(\/en)?\/desk(\/(team|shifts))?$/);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': expect.stringMatching(
        /^default-src 'none';.*frame-ancestors 'none'/
      ),
      'cross-origin-embedder-policy': 'require-corp',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'origin-agent-cluster': '?1',
      'permissions-policy': expect.stringMatching(
        new RegExp(
          `camera=\\(${camera}\\).*geolocation=\\(\\).*microphone=\\(\\).*` +
            `publickey-credentials-create=\\(${create}\\), publickey-credentials-get=\\(${get}\\)`
        )
      ),
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'x-dns-prefetch-control': 'off',
      'x-frame-options': 'DENY'
    });
    for (const name of [
      'set-cookie',
      'etag',
      'x-powered-by',
      'strict-transport-security',
      'server'
    ]) {
      expect(headers.has(name), name).toBe(false);
    }
    const stays = status === 200 && /^\/(_app|exit)/.test(path);
    expect(headers.get('cache-control') === 'no-store').toBe(!stays);
    expect(log.mock.calls.flat().join()).not.toContain('secret-of-a-visitor');
    log.mockRestore();
  });

  it('says that only https may be used when the origin is https', async () => {
    for (const path of ['/', '/nowhere', '/exit.js', '/leave']) {
      const { headers } = await secure.ask(path);
      expect(headers.get('strict-transport-security')).toMatch(/^max-age=63072000/);
    }
  });
});

it('refuses by name, and never repeats what was sent', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue();
  const post = (body: string) => plain.ask('/desk/echo', { method: 'POST', body, headers: json });
  expect(await (await post('{"canary')).json()).toEqual({ refusal: 'malformed-request' });
  expect(await (await post(`"${'x'.repeat(9000)}"`)).json()).toEqual({
    refusal: 'request-too-large'
  });
  expect(log).not.toHaveBeenCalled();
  const broken = await plain.ask('/desk/broken?canary');
  expect(await broken.json()).toEqual({ refusal: 'server-error' });
  expect(log.mock.calls).toEqual([['A request could not be answered: Error']]);
  log.mockRestore();
  const wrong = await plain.ask('/', { method: 'POST' });
  expect(wrong.headers.get('allow')).toBe('GET, HEAD');
});

it('lets hashed files stay, and wasm run only in workers without a network', async () => {
  const script = await plain.ask('/_app/immutable/entry/start.abc.js', {
    headers: { 'accept-encoding': 'gzip, br' }
  });
  expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(script.headers.get('content-security-policy')).toBe(closedPolicy);
  expect(script.headers.get('content-encoding')).toBe('br');
  const worker = await plain.ask('/_app/immutable/workers/keys-abc.js');
  expect(worker.headers.get('content-security-policy')).toBe(workerPolicy);
  expect(workerPolicy).toContain('wasm-unsafe-eval');
  expect(workerPolicy).not.toContain('connect-src');
});

it('serves a file whole whatever range is asked for', async () => {
  for (const range of ['bytes=5-2', 'bytes=-', 'bytes=999999-', 'x']) {
    const answer = await plain.ask('/exit.js', { headers: { range } });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('leave()');
  }
});

it('leaves for the neutral site and clears what the browser kept', async () => {
  const { headers } = await plain.ask('/leave');
  expect(headers.get('location')).toBe('https://weather.example/?a="b"&c');
  expect(headers.get('clear-site-data')).toBe('"cache", "storage"');
});

it('says that it lives, and why it is not ready', async () => {
  expect(await (await plain.ask('/readyz')).text()).toBe('stopping\n');
  expect((await secure.ask('/readyz')).status).toBe(200);
});
