import { defaultRule } from '#shared/klippekort/rule.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import express from 'express';
import { createCounsellors, makeAccount } from '#server/counsellor/counsellors.ts';
import { createHttp, createHttpServer } from '#server/http.ts';
import { loadPages } from '#server/pages/load-pages.ts';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import { EmbeddedOnce } from '#server/store/volatile/embedded-house.ts';
import { aBuild, organisation } from '#tests/http/serving.ts';

export const origin = 'http://localhost:3000';
export const password = 'mako-dilu-fesa-riro';

/** Hashed once: it takes a tenth of a second. */
const account = makeAccount({
  name: 'Sofie',
  shownName: 'Sofie',
  role: 'counsellor',
  password
});

/** The sign-in routes over real HTTP and a real file, with a clock that stands still. */
export async function aDesk(change: { https?: boolean } = {}) {
  const https = change.https ?? false;
  const folder = mkdtempSync(join(tmpdir(), 'frirum-desk-'));
  const build = aBuild();
  const store = openEmbedded(folder);
  const talking = new Set<string>();
  const clock = { time: Date.UTC(2026, 10, 21), now: () => clock.time };
  const sofie = await account;
  await store.accounts.add([sofie]);
  const counsellors = createCounsellors({
    store,
    clock,
    organisation: 'Ungecentret',
    origin: https ? 'https://chat.example.dk' : null,
    allowedOrigins: () => [origin],
    inConversation: (account) => talking.has(account),
    once: new EmbeddedOnce(clock),
    attempts: null
  });
  const app = createHttp({
    pages: loadPages(build.folder, {
      organisation,
      tryOut: true,
      exit: 'https://a.example/',
      rule: defaultRule,
      ruleSource: 'a <policy>',
      organisationName: 'Frirum',
      accessContact: '12 34 56 78'
    }),
    build: build.folder,
    desk: express.Router().use(counsellors.routes),
    openNow: () => 'open',
    notReady: () => null,
    exitUrl: 'https://a.example/',
    https
  });
  const server = createHttpServer(app);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;

  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { redirect: 'manual', ...init });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    ask(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { origin, 'content-type': 'application/json', ...headers }
    });
  const signIn = (body: unknown = { name: 'sofie', password }, headers = {}) =>
    post('/desk/sign-in', body, headers);
  /** The cookie an answer sets, as a browser would send it back. */
  const cookieOf = (answer: Response) => answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const session = (cookie: string) => ask('/desk/session', { headers: { cookie } });

  return {
    account: sofie,
    clock,
    talking,
    store,
    folder,
    counsellors,
    ask,
    post,
    signIn,
    cookieOf,
    session,
    async stop() {
      counsellors.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await store.close();
      build.gone();
      rmSync(folder, { recursive: true });
    }
  };
}
