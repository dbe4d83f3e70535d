import { defaultRule } from '#shared/klippekort/rule.ts';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import express from 'express';
import { createHttp, createHttpServer, type HttpParts } from '#server/http.ts';
import { loadPages } from '#server/pages/load-pages.ts';

export const organisation = new Uint8Array(32).fill(7);
export const exitUrl = 'https://weather.example/?a="b"&c';

const page = (body: string) =>
  `<html data-organisation="%organisation%" data-try-out="%tryOut%" data-exit="%exit%">` +
  `<script src="/exit.js" async></script>${body}</html>`;

/** A small front end with one page of every kind. */
export const files: Record<string, string> = {
  'index.html': page('<p data-open="%openNow%"></p><script>door("%openNow%")</script>'),
  'chat.html': page('<script>\n\tstart(1);\n</script><script>start(2)</script>'),
  'en.html': page('<p>%openNow%</p>'),
  'en/chat.html': page('<style>p { color: red }</style>'),
  'desk.html': page('<p>desk</p>'),
  'desk/team.html': page('<p>team</p>'),
  'desk/shifts.html': page('<p>shifts</p>'),
  'desk/invitation.html': page('<p>invitation</p>'),
  'en/desk/invitation.html': page('<p>invitation</p>'),
  '404.html': page('<h1>Ikke her</h1>'),
  'exit.js': 'leave()',
  '_app/immutable/entry/start.abc.js': 'start()'.repeat(100),
  '_app/immutable/workers/keys-abc.js': 'keys()'
};

/** Writes the front end to a new folder, with a compressed copy beside every script. */
export function aBuild(content: Record<string, string> = files): { folder: string; gone(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'frirum-build-'));
  for (const [name, text] of Object.entries(content)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    writeFileSync(`${path}.br`, brotliCompressSync(text));
  }
  return { folder, gone: () => rmSync(folder, { recursive: true }) };
}

/** The HTTP side on a free port of loopback, without any store. */
export async function aServer(change: Partial<HttpParts> = {}, build = aBuild()) {
  const desk = express.Router();
  desk.post('/desk/echo', express.json({ limit: '8kb' }), (request, response) => {
    response.json(request.body);
  });
  desk.get('/desk/broken', () => {
    throw new Error('secret-of-a-visitor');
  });
  const app = createHttp({
    pages: loadPages(build.folder, {
      organisation,
      tryOut: true,
      exit: exitUrl,
      rule: defaultRule,
      ruleSource: 'a <policy>',
      organisationName: 'Frirum',
      accessContact: '12 34 56 78'
    }),
    build: build.folder,
    desk,
    openNow: () => 'open',
    notReady: () => null,
    exitUrl,
    https: false,
    ...change
  });
  const server = createHttpServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    ask: (path: string, init: RequestInit = {}) =>
      fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init }),
    port,
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      build.gone();
    }
  };
}
