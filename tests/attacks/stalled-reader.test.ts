// T14: who stops reading is let go before what waits for them fills the memory, whatever they make the server say.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { attach } from '#shared/conversation/calls.ts';
import { listPhrases } from '#shared/phrases/calls.ts';
import { FrameKind, messageFrame, sealedLimit } from '#shared/wire/frame.ts';
import { issueCapability } from '#server/conversation/capability.ts';
import { openEmbedded } from '#server/store/durable/embedded.ts';
import { defaultLimits } from '#server/wire/limits.ts';
import { startApp, type RunningApp } from '#tests/support/app.ts';
import { connect, signIn, valueOf, young, type Person } from '#tests/support/people.ts';

/** Bytes: what may wait, and the one frame or answer that was too much. */
const mostQueued = 256 * 1024 + 20_000;
const gone = 2_000;

let app: RunningApp;
let secret: Uint8Array;
beforeAll(async () => {
  // Only the rates are lifted: at theirs the buffers of the system alone take minutes to fill.
  app = await startApp({ limits: { ...defaultLimits, rate: 1e6, burst: 1e6 } });
  const durable = openEmbedded(app.data);
  secret = durable.secret();
  await durable.close();
});
afterAll(() => app.stop());

/** Two guests of a larger conversation: each side is whoever holds it. */
async function twoGuests(): Promise<[Person, Person]> {
  const [conversation, of] = [randomBytes(16), randomBytes(16)].map((id) =>
    id.toString('base64url')
  );
  const right = { conversation: conversation ?? '', of: of ?? '', visitor: young, turn: 0 };
  const since = Math.floor(Date.now() / 1000);
  const sit = async (role: 'visitor' | 'counsellor') => {
    const capability = issueCapability({ ...right, role, since, account: null }, secret);
    const person = await connect(app);
    await valueOf(person.ask(attach, { capability, expected: 1 }));
    return person;
  };
  return [await sit('visitor'), await sit('counsellor')];
}

/** The system's own buffers are no concern of the server: what waits in its memory is. */
function queueOf({ socket }: Person): () => number {
  const { conn } = app.app.io.sockets.sockets.get(socket.id ?? '') ?? {};
  const { transport, writeBuffer } = conn as unknown as {
    transport: { socket: { bufferedAmount: number } };
    writeBuffer: { data?: string }[];
  };
  return () =>
    writeBuffer.reduce(
      (sum, { data }) => sum + (data?.length ?? 0),
      transport.socket.bufferedAmount
    );
}

/** Stops reading, and goes on with `act` until the server has had enough. */
async function stall(reader: Person, act: () => void) {
  const { ws } = reader.socket.io.engine.transport as unknown as {
    ws: { _socket: { pause(): void } };
  };
  const queued = queueOf(reader);
  const isHere = () => app.app.io.sockets.sockets.has(reader.socket.id ?? '');
  ws._socket.pause();
  let [most, since, last] = [0, NaN, performance.now()];
  const until = performance.now() + 8_000;
  for (; isHere() && performance.now() < until; last = performance.now()) {
    act();
    // Sixteen turns: each may make the server say something.
    for (let turn = 0; turn < 16 && isHere(); turn += 1) {
      await new Promise((next) => setImmediate(next));
      const now = queued();
      most = Math.max(most, now);
      if (now < mostQueued / 4) since = NaN;
      else if (Number.isNaN(since)) since = performance.now();
    }
  }
  const found = { isHere: isHere(), most, took: Number.isNaN(since) ? 0 : last - since };
  reader.leave();
  return found;
}

const expectLetGo = ({ isHere, most, took }: Awaited<ReturnType<typeof stall>>) => {
  console.log(`at most ${Math.round(most / 1024)} kB queued, let go after ${Math.round(took)} ms`);
  expect(isHere).toBe(false);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThanOrEqual(mostQueued);
  expect(took).toBeLessThanOrEqual(gone);
};

test('who says that everything has come, and has read none of it', async () => {
  const [reader, writer] = await twoGuests();
  const received = Buffer.from([FrameKind.received, 0, 0, 0, 0]);
  let n = 0;
  const found = await stall(reader, () => {
    for (let more = 0; more < 8; more += 1) {
      n += 1;
      writer.send(messageFrame(n, n, new Uint8Array(sealedLimit)));
    }
    received.writeUInt32BE(n, 1);
    reader.send(Uint8Array.from(received));
  });
  expectLetGo(found);
  writer.leave();
});

test('who asks again and again for what has not been received', async () => {
  const [reader, writer] = await twoGuests();
  for (let n = 1; n <= 16; n += 1) {
    writer.send(messageFrame(n, 1, new Uint8Array(sealedLimit)));
    await reader.nextMessage();
  }
  const found = await stall(reader, () => reader.send(Uint8Array.of(FrameKind.sync, 0, 0, 0, 1)));
  expectLetGo(found);
  writer.leave();
});

test('who asks for long answers', async () => {
  const reader = await connect(app, { cookie: await signIn(app, 'mikkel'), as: 'staff' });
  expect(JSON.stringify(await reader.ask(listPhrases, { language: 'da' })).length).toBeGreaterThan(
    1_000
  );
  const found = await stall(reader, () => {
    for (let more = 0; more < 3; more += 1)
      reader.socket.emit(listPhrases.name, { language: 'da' }, () => {});
  });
  expectLetGo(found);
});

test('who sends what is refused', async () => {
  const reader = await connect(app);
  const found = await stall(reader, () => {
    for (let more = 0; more < 200; more += 1) reader.send(Uint8Array.of(9));
  });
  expectLetGo(found);
});
