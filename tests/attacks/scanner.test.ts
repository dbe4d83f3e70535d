import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { browserArguments, wholeChromium } from '#tests/support/browser.ts';
import { aCanary, search, searchBytes, type Find } from '#tests/support/canary.ts';
import { filesIn, openFilesOf, output } from '#tests/support/haystacks.ts';
import { memoryOf } from '#tests/support/memory.ts';
import { aConversation } from '#tests/support/people.ts';
import { messageFrame } from '#shared/wire/frame.ts';
import { ServerProcess } from '#tests/support/server-process.ts';
import { WireTap } from '#tests/support/wire-tap.ts';

/** The scan is only worth something where it can find: each of its channels, with something planted. */

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'frirum-planted-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const formsIn = (finds: readonly Find[]) => finds.map(({ form }) => form);

describe.each(['ascii', 'danish', 'arabic'] as const)('a canary in %s letters is found', (kind) => {
  const canary = aCanary('planted', kind);
  const within = `før ${canary.text} efter`;
  const everyThird = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before, 'x'), Buffer.from(within)])
  );
  const upper = (hex: string) => hex.toUpperCase();
  const escaped = Array.from(
    within,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
  );
  test.each([
    ['utf-8', Buffer.from(within)],
    ['utf-16', Buffer.from(within, 'utf16le')],
    ['hex of utf-8', Buffer.from(Buffer.from(within).toString('hex'))],
    ['hex of utf-8', Buffer.from(upper(Buffer.from(within).toString('hex')))],
    ['hex of utf-16', Buffer.from(Buffer.from(within, 'utf16le').toString('hex'))],
    ...everyThird.flatMap((bytes) => [
      ['base64 of utf-8', Buffer.from(bytes.toString('base64'))] as const,
      ['base64 of utf-8, in utf-16', Buffer.from(bytes.toString('base64'), 'utf16le')] as const
    ]),
    ['\\u', Buffer.from(escaped.join(''))],
    ['\\u, in utf-16', Buffer.from(escaped.join(''), 'utf16le')]
  ] as const)('as %s', (form, bytes) => {
    expect(formsIn(search([canary], [{ where: 'here', bytes }]))).toContain(form);
  });

  test('as base64url and percent-encoded, by whatever name', () => {
    for (const written of [
      ...everyThird.map((bytes) => bytes.toString('base64url')),
      encodeURIComponent(within)
    ])
      expect(search([canary], [output(written)])).not.toEqual([]);
  });

  test('and not where it is not', () => {
    const other = aCanary('another', kind);
    expect(search([canary], [{ where: 'here', bytes: Buffer.from(other.text) }])).toEqual([]);
  });
});

test('a canary in a file, and in the name of one', () => {
  const folder = aFolder();
  const [inside, name] = [aCanary('inside'), aCanary('name')];
  writeFileSync(join(folder, name.text), `x${inside.text}`);
  expect(search([inside, name], filesIn(folder)).map(({ canary }) => canary)).toEqual([
    'name',
    'inside'
  ]);
});

test('a canary in a line of output', () => {
  const canary = aCanary('printed');
  expect(search([canary], [output(`line\n${canary.text}\n`)])).toHaveLength(1);
});

test('a canary in frames of any length, masked or not, in pieces or not', async () => {
  const house = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  await new Promise((resolve) => house.once('listening', resolve));
  const address = house.address();
  const tap = await WireTap.before(typeof address === 'object' && address ? address.port : 0, {
    'X-Added': 'by the tap'
  });
  const canaries = [10, 1_000, 70_000].map((length) => aCanary(`after ${length}`));
  const heads: unknown[] = [];
  house.on('connection', (socket, { headers }) => {
    heads.push(headers['x-added']);
    socket.on('message', (data) => socket.send(data));
  });
  const socket = new WebSocket(`ws://127.0.0.1:${tap.port}`, { perMessageDeflate: false });
  await new Promise((resolve) => socket.once('open', resolve));
  let echoes = 0;
  const all = new Promise<void>((resolve) =>
    socket.on('message', () => (echoes += 1) === canaries.length && resolve())
  );
  for (const [index, { text }] of canaries.entries())
    socket.send(Buffer.from('.'.repeat([10, 1_000, 70_000][index] ?? 0) + text));
  await all;

  const found = search(canaries, tap.haystacks());
  for (const { name } of canaries)
    for (const direction of ['request', 'response'])
      expect(found).toContainEqual(
        expect.objectContaining({ canary: name, where: `line 0, ${direction}, frame` })
      );
  expect(heads).toEqual(['by the tap']);
  socket.terminate();
  await tap.close();
  await new Promise((resolve) => house.close(resolve));
});

test('a canary in the memory of a server: its strings, and the bytes of its buffers', async () => {
  const [text, bytes] = [aCanary('in the environment'), aCanary('in a frame')];
  const server = await ServerProcess.start({ FRIRUM_EXIT_URL: `https://${text.text}.example/` });
  onTestFinished(() => server.remove());
  expect(openFilesOf(server.pid)).toContainEqual(expect.stringContaining(server.data));
  const { visitor, conversation } = await aConversation(server);
  // What is no frame of the channel at all: the server does not open it.
  visitor.send(messageFrame(1, 1, Buffer.from(bytes.text)));
  await expect
    .poll(async () => search([bytes], await memoryOf(server)).map(({ where }) => where), {
      timeout: 20_000
    })
    .toEqual(['buffers']);
  const memory = await memoryOf(server);
  expect(search([text], memory).map(({ where }) => where)).toContain('heap');
  expect(searchBytes('conversation', Buffer.from(conversation, 'base64url'), memory)).not.toEqual(
    []
  );
});

describe('a canary that a page keeps, in the profile of its browser', () => {
  const stores: Record<string, (text: string) => unknown> = {
    localStorage: (text) => localStorage.setItem('kept', text),
    sessionStorage: (text) =>
      sessionStorage.setItem('kept', JSON.stringify({ sealed: btoa(text) })),
    IndexedDB: (text) =>
      new Promise((resolve) => {
        const request = indexedDB.open('kept', 1);
        request.addEventListener('upgradeneeded', () =>
          request.result.createObjectStore('kept').add({ text }, 1)
        );
        request.addEventListener('success', resolve);
      }),
    caches: async (text) => (await caches.open('kept')).put('/kept', new Response(text)),
    history: (text) => history.replaceState(null, '', `#${text}`)
  };

  test('in each place', async () => {
    const server = await ServerProcess.start();
    onTestFinished(() => server.remove());
    const profile = aFolder();
    const context = await chromium.launchPersistentContext(profile, {
      executablePath: wholeChromium,
      args: browserArguments
    });
    const page = context.pages()[0] ?? (await context.newPage());
    await page.goto(server.origin);
    const canaries = [];
    for (const [name, keep] of Object.entries(stores)) {
      const canary = aCanary(name);
      canaries.push(canary);
      await page.evaluate(keep, canary.text);
    }
    await context.close();
    const found = new Set(search(canaries, filesIn(profile)).map(({ canary }) => canary));
    expect([...found].toSorted()).toEqual(Object.keys(stores).toSorted());
  });
});
