// A process of its own: one node with the limits it is told (argument 1, JSON), and pairs who talk.
import { randomBytes } from 'node:crypto';
import { issueCapability } from '#server/conversation/capability.ts';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import { defaultLimits } from '#server/wire/limits.ts';
import { startApp } from '#tests/support/app.ts';

const app = await startApp({
  limits: { ...defaultLimits, ...JSON.parse(process.argv[2] ?? '{}') }
});
const durable = openEmbedded(app.data);
const secret = durable.secret();
await durable.close();

/** Both rights to a room for two guests: they are of whoever holds them. */
function aRoom(): readonly string[] {
  const conversation = randomBytes(16).toString('base64url');
  const of = randomBytes(16).toString('base64url');
  const since = Math.floor(Date.now() / 1000);
  const visitor = { kind: 'young', age: 'under-18', language: 'da' } as const;
  return (['visitor', 'counsellor'] as const).map((role) =>
    issueCapability({ conversation, of, role, since, visitor, turn: 0, account: null }, secret)
  );
}

process.on('message', () => {
  globalThis.gc?.();
  // What a collection frees is given back to the system a moment later.
  setTimeout(() => {
    globalThis.gc?.();
    process.send?.({ rss: process.memoryUsage().rss, sockets: app.app.io.engine.clientsCount });
  }, 500);
});
process.send?.({ origin: app.origin, rooms: [aRoom(), aRoom(), aRoom()] });
