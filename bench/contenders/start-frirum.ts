import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createApp } from '#server/app.ts';
import { systemClock as clock } from '#server/clock.ts';
import { issueCapability, type CapabilityContent } from '#server/conversation/capability.ts';
import { readSettings } from '#server/settings.ts';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import type { Stores } from '#server/store/open-stores.ts';
import { EmbeddedQueue } from '#server/store/volatile/embedded-queue.ts';
import type { RelayStore } from '#server/store/volatile/relay.ts';
import { defaultLimits } from '#server/wire/limits.ts';
import type { ReadyLine } from '../ready-line.ts';

/** Queue and clock of one node. */
const embeddedParts = async (
  _secret: Uint8Array
): Promise<Pick<Stores, 'queue' | 'clock' | 'house'>> => ({
  queue: new EmbeddedQueue(clock),
  clock
});

/**
 * The whole service, rights checked, nothing lost. Only the rate limits are lifted: they hold one person
 * to a person's pace, and the bench asks what the server can do.
 */
export async function startFrirum(
  folder: string,
  makeRelay: (secret: Uint8Array) => RelayStore | Promise<RelayStore>,
  openHouse: typeof embeddedParts = embeddedParts
): Promise<{ port: number; conversations(): Promise<ReadyLine> }> {
  const durable = openEmbedded(folder);
  const relay = await makeRelay(durable.secret());
  const stores = { durable, relay, ...(await openHouse(durable.secret())), away: () => null };
  const limits = { ...defaultLimits, rate: 1e6, burst: 1e6 };
  const settings = readSettings({ PORT: '0', FRIRUM_DATA: folder });
  const app = await createApp(settings, stores, limits);
  await new Promise<void>((done) => app.http.listen(0, '127.0.0.1', done));
  const { port } = app.http.address() as AddressInfo;

  return {
    port,
    /** One counsellor holds every conversation; the relay does not ask how many. */
    async conversations() {
      const counsellor = app.signIns?.find(({ role }) => role === 'counsellor');
      const account = await durable.accounts.named(counsellor?.signIn ?? '');
      if (!counsellor || !account) throw new Error('the try-out has no counsellor');
      return {
        port,
        cookie: await signIn(port, counsellor.signIn, counsellor.password),
        conversations: Array.from({ length: Number(process.env.BENCH_CONVERSATIONS) }, () =>
          capabilities(account.id, durable.secret())
        )
      };
    }
  };
}

function capabilities(counsellorId: string, secret: Uint8Array): [string, string] {
  const content: Omit<CapabilityContent, 'role' | 'account'> = {
    conversation: randomBytes(16).toString('base64url'),
    since: Math.floor(clock.now() / 1000),
    visitor: { kind: 'parent', age: null, language: 'da' },
    turn: 0,
    of: null
  };
  return [
    issueCapability({ ...content, role: 'visitor', account: null }, secret),
    issueCapability({ ...content, role: 'counsellor', account: counsellorId }, secret)
  ];
}

async function signIn(port: number, name: string, password: string): Promise<string> {
  const origin = `http://127.0.0.1:${port}`;
  const answer = await fetch(`${origin}/desk/sign-in`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ name, password })
  });
  const [cookie] = answer.headers.getSetCookie();
  if (answer.status !== 204 || !cookie) throw new Error(`sign-in: ${answer.status}`);
  return cookie.slice(0, cookie.indexOf(';'));
}
