import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { createOrganisationKey, issueCertificate, keyIdOf } from '#shared/crypto/certificate.ts';
import { aPage } from '#tests/support/browser.ts';

const { browser, server } = await browserAndServer();
let page: Page;
let complaints: string[];

beforeAll(async () => {
  ({ page, complaints } = await aPage(browser));
  // A page that starts no worker of its own before somebody has signed in: the policy is made once.
  await page.goto(`${server.origin}/desk`, { waitUntil: 'networkidle' });
  await page.evaluate(prepare, await workerAddress());
});

/** Where the built worker with the keys is served. */
async function workerAddress(): Promise<string> {
  const built = fileURLToPath(new URL('../../build', import.meta.url));
  const path = readdirSync(built, { recursive: true, encoding: 'utf8' }).find((name) =>
    /keys\.worker[^/]*\.js$/.test(name)
  );
  if (!path) throw new Error('no worker was built');
  return `/${path}`;
}

type Ask = (who: string, question: Record<string, unknown>) => Promise<unknown>;
type Prepared = { ask: Ask; open: (who: string, options: object) => Promise<unknown> };

/** In the page: workers by name, and one way to ask them. */
function prepare(address: string): void {
  const { trustedTypes } = globalThis as unknown as {
    trustedTypes: {
      createPolicy(name: string, rules: object): { createScriptURL(at: string): string };
    };
  };
  const policy = trustedTypes.createPolicy('frirum-worker', {
    createScriptURL: (at: string) => at
  });
  const workers = new Map<string, Worker>();
  let asked = 0;
  const ask: Ask = (who, question) =>
    new Promise((resolve, reject) => {
      const worker = workers.get(who);
      const number = (asked += 1);
      const hear = ({ data }: MessageEvent) => {
        if (data.number !== number) return;
        worker?.removeEventListener('message', hear);
        if (data.kind === 'answered') resolve(data.answer);
        else reject(new Error(data.reason));
      };
      worker?.addEventListener('message', hear);
      worker?.postMessage({ ...question, number });
    });
  const open = (who: string, options: object) => {
    workers.set(who, new Worker(policy.createScriptURL(address), { type: 'module' }));
    return ask(who, { ask: 'open', options });
  };
  Object.assign(globalThis, { ask, open });
}

/** In the page: carry frames between two workers until both are silent; the kinds of what happened. */
async function meet([asks, answers]: readonly [string, string]): Promise<string[]> {
  const { ask } = globalThis as unknown as Prepared;
  const events: string[] = [];
  let to = answers;
  let frames = (await ask(asks, { ask: 'start' })) as Uint8Array[];
  while (frames.length > 0) {
    const next: Uint8Array[] = [];
    for (const frame of frames) {
      const heard = (await ask(to, { ask: 'receive', frame })) as {
        send: Uint8Array[];
        events: { kind: string }[];
      };
      next.push(...heard.send);
      events.push(...heard.events.map(({ kind }) => `${to}: ${kind}`));
    }
    frames = next;
    to = to === answers ? asks : answers;
  }
  return events;
}

it('three people meet in pairs, and the counsellor signs who they are', async () => {
  const organisation = await createOrganisationKey();
  const publicKey = await page.evaluate(async () => {
    const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    if (!('privateKey' in pair)) throw new Error('no pair');
    Object.assign(globalThis, { privateKey: pair.privateKey });
    return [...new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))];
  });
  const certificate = await issueCertificate({
    organisationSecretKey: organisation.secretKey,
    role: 'counsellor',
    publicKey: Uint8Array.from(publicKey),
    notBefore: Date.now() - 60_000
  });
  const known = {
    certificate: [...certificate],
    organisationKey: [...organisation.publicKey],
    keyId: [...keyIdOf(Uint8Array.from(publicKey))]
  };

  await page.evaluate(async (given) => {
    const { open } = globalThis as unknown as Prepared;
    const { privateKey } = globalThis as unknown as { privateKey: CryptoKey };
    const certificate = Uint8Array.from(given.certificate);
    const organisationKey = Uint8Array.from(given.organisationKey);
    const random = (length: number) => crypto.getRandomValues(new Uint8Array(length));
    const [link, pair] = [
      { room: random(16), invitation: random(32) },
      { room: random(16), invitation: random(32) }
    ];
    await open('counsellor', { role: 'counsellor', ...link, certificate, privateKey });
    await open('parent', { role: 'visitor', ...link, organisationKey });
    await open('young', { role: 'guest-asking', ...pair });
    await open('parent-to-young', { role: 'guest-answering', ...pair });
  }, known);
  expect(await page.evaluate(meet, ['parent', 'counsellor'] as const)).toEqual([
    'counsellor: secured',
    'parent: secured'
  ]);
  expect(await page.evaluate(meet, ['young', 'parent-to-young'] as const)).toEqual([
    'parent-to-young: secured',
    'young: secured'
  ]);

  const opened = await page.evaluate(async (given) => {
    const { ask } = globalThis as unknown as Prepared;
    const organisationKey = Uint8Array.from(given.organisationKey);
    const keyId = Uint8Array.from(given.keyId);
    const conversation = crypto.getRandomValues(new Uint8Array(16));
    const member = (role: string, name: string, at: number) => ({
      id: new Uint8Array(16).fill(at),
      role,
      name,
      keyId: role === 'counsellor' ? keyId : new Uint8Array(16)
    });
    const members = [
      member('counsellor', 'Mikkel', 1),
      member('visitor', '', 2),
      member('parent', 'Mor', 3)
    ];
    const order = { conversation, epoch: 1, previous: new Uint8Array(32), members };
    const signed = (await ask('counsellor', { ask: 'sign-roster', order })) as {
      bytes: Uint8Array;
    };
    const trust = { organisationKey, conversation, known: null, expectedSigner: keyId };
    const read = (bytes: Uint8Array) =>
      ask('parent-to-young', { ask: 'open-roster', bytes, trust }) as Promise<{
        kind: string;
        refusal?: string;
        roster?: { members: { name: string }[] };
      }>;
    const right = await read(signed.bytes);
    const wrong = await read(signed.bytes.with(60, 7));
    const byGuest = await ask('young', { ask: 'sign-roster', order }).catch(String);
    return {
      right: right.roster?.members.map(({ name }) => name),
      wrong: wrong.kind,
      byGuest
    };
  }, known);
  expect(opened).toEqual({
    right: ['Mikkel', '', 'Mor'],
    wrong: 'refused',
    byGuest: expect.stringContaining('only a counsellor signs')
  });
  expect(complaints).toEqual([]);
});
