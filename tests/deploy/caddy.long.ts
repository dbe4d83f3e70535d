// Caddy as `deploy/caddy` has it before two nodes, one of which dies in the middle of a conversation.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { issueCapability } from '#server/conversation/capability.ts';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import { ChatParty } from '#tests/faults/chat-party.ts';
import { aCanary, search } from '#tests/support/canary.ts';
import { Caddy } from '#tests/support/caddy.ts';
import { filesIn, output } from '#tests/support/haystacks.ts';
import { HouseBehindNginx } from '#tests/support/house-behind-nginx.ts';
import { signIn, young } from '#tests/support/people.ts';

let house: HouseBehindNginx;
let caddy: Caddy;
beforeAll(async () => {
  house = await HouseBehindNginx.start(2, async (hosts, port) => {
    caddy = await Caddy.before(hosts, undefined, port);
    return caddy;
  });
});
afterAll(() => house.stop());

test('pages and a conversation go on while one node after the other dies, and nobody is written down', async () => {
  const durable = await openRedisDurable(house.durable.url);
  const account = (await durable.accounts.named('mikkel'))?.id ?? null;
  const [secret, conversation] = [durable.secret(), randomBytes(16).toString('base64url')];
  await durable.close();
  const { origin } = house;
  const cookie = await signIn({ origin, password: (name) => house.password(name) });
  const since = Math.floor(Date.now() / 1000);
  const right = { conversation, since, visitor: young, turn: 0, of: null };
  const tokens = [
    issueCapability({ ...right, role: 'visitor', account: null }, secret),
    issueCapability({ ...right, role: 'counsellor', account }, secret)
  ] as const;
  const visitor = new ChatParty({ origin, capability: tokens[0], cookie: null });
  const counsellor = new ChatParty({ origin, capability: tokens[1], cookie });
  const both = [visitor, counsellor];
  await vi.waitUntil(() => both.every(({ isAttached }) => isAttached), { timeout: 15_000 });
  // The node with the fewest lines is asked next.
  expect((await house.sockets()).filter((count) => count > 0)).toHaveLength(2);

  const who = aCanary('who');
  for (const node of house.nodes) {
    for (const party of both) party.say();
    await node.kill();
    for (const party of both) for (let n = 0; n < 5; n += 1) party.say();
    for (let n = 0; n < 5; n += 1) {
      const headers = { 'user-agent': who.text, referer: `https://${who.text}.example/` };
      const page = await fetch(`${origin}/chat?${who.text}`, { headers });
      expect(page.status).toBe(200);
    }
    const isHeard = () => both.every(({ said, deliveredUpTo }) => deliveredUpTo === said);
    await vi.waitUntil(isHeard, { timeout: 30_000 });
    await node.start();
  }
  for (const party of both) {
    expect(party.taken).toEqual(Array.from({ length: 12 }, (_, at) => at + 1));
    expect(party.complaints).toEqual([]);
    party.stop();
  }
  const words = [who, ...tokens.map((text) => ({ ...who, name: 'right', text }))];
  expect(search(words, [...filesIn(caddy.folder), output(caddy.output)])).toEqual([]);
}, 120_000);
