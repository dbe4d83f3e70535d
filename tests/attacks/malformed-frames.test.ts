// T6: every call and some that are none, asked with everything that is no question, 100,000 times.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { lookIn } from '#shared/queue/calls.ts';
import { mayAsk } from '#tests/counsellor/who-may-ask.ts';
import { connect } from '#tests/support/people.ts';
import { ServerProcess } from '#tests/support/server-process.ts';

const wanted = 100_000;
/** Below the burst that closes a socket, so that frames reach the door and not only the limiter. */
const perSocket = 38;
const atOnce = 60;
const seed = Date.now() % 2 ** 31;

let server: ServerProcess;
beforeAll(async () => {
  server = await ServerProcess.start();
});
afterAll(() => server.remove());

/** Every call there is, and some that are none. */
const names = [
  ...Object.keys(mayAsk),
  ...['nobody:knows-this', 'error', '__proto__', 'constructor']
];
const deep = `${'['.repeat(4000)}${']'.repeat(4000)}`;
const content = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.constantFrom('null', '{}', '[]', '0', '"x"', deep, '{"__proto__":{"polluted":1}}'),
  fc.constantFrom('{"visitor":{"kind":"young"},"proof":7}', '{"capability":null,"expected":-1}')
);
/** Frames the door refuses by name: the socket lives on. */
const refused = fc.oneof(
  fc
    .tuple(fc.constantFrom(...names), content)
    .map(([name, json]) => `42${JSON.stringify([name]).slice(0, -1)},${json}]`),
  fc
    .tuple(fc.nat(99), fc.constantFrom(...names), content)
    .map(([id, name, json]) => `42${id}${JSON.stringify([name]).slice(0, -1)},${json}]`),
  fc.uint8Array({ maxLength: 64 }),
  fc.uint8Array({ maxLength: 40 }).map((rest) => Uint8Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1, ...rest)),
  fc.constantFrom('437[]')
);
/** Frames that are not Socket.IO's at all: they end the socket, and nothing else. */
const fatal = fc.oneof(
  fc.constantFrom('451-["x",{"_placeholder":true,"num":0}]', '46', '4', '9', '42', '42["a"'),
  fc.constantFrom('42["connect"]', '42["disconnect"]', '43', '43[]'),
  fc.constantFrom('42{"a":1}', '42[]', '42[null]', '42[[]]', '42/other,["a"]', '40{"a"', '41'),
  fc.string({ maxLength: 40 })
);
/** Longer than any frame may be. */
const megabyte = `42["queue:join",{"proof":"${'x'.repeat(2 ** 20)}"}]`;

/** One socket: frames that are refused, a sign of life after them, and one frame that ends it. */
function attack(frames: readonly (string | Uint8Array)[], last: string): Promise<number> {
  const address = `ws://localhost:${server.port}/socket.io/?EIO=4&transport=websocket`;
  const socket = new WebSocket(address, { origin: server.origin });
  let arrived = 0;
  return new Promise((resolve) => {
    socket.once('open', () => socket.send('40'));
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text.startsWith('40')) {
        for (const one of frames) socket.send(one);
        socket.send('42999["queue:look-in",{}]');
      }
      if (!text.startsWith('43999')) return;
      arrived = frames.length + 1;
      socket.send(last, () => setTimeout(() => socket.close(), 50));
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(arrived));
  });
}

async function attackWith(many: number): Promise<number> {
  let arrived = 0;
  for (let round = 0; arrived < many; round += 1) {
    const frames = fc.sample(refused, { numRuns: perSocket * 20, seed: seed + round });
    const last = fc.sample(fatal, { numRuns: atOnce, seed: seed + round }).with(0, megabyte);
    const shares = last.map((end, index) => {
      const from = (index * 7) % (frames.length - perSocket);
      return attack(frames.slice(from, from + perSocket), end);
    });
    const done = await Promise.all(shares);
    expect(done.filter((count) => count === 0)).toEqual([]);
    for (const count of done) arrived += count;
  }
  return arrived;
}

test(`${wanted} malformed frames: nothing ends, nothing stays in memory (seed ${seed})`, async () => {
  // The first few thousand warm up what is compiled and cached once.
  await attackWith(5_000);
  const before = await server.heap();
  const sent = await attackWith(wanted);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const after = await server.heap();
  expect(sent).toBeGreaterThanOrEqual(wanted);
  expect(server.isAlive).toBe(true);
  expect((after - before) / 2 ** 20).toBeLessThan(5);
  const visitor = await connect(server);
  expect(await visitor.ask(lookIn, {})).toEqual({ ok: true, value: { onShift: 0, waiting: 0 } });
  visitor.leave();
  // What went wrong inside is named at most; nothing of the frames is printed.
  expect(server.output.split('Frirum is ready')[1]).not.toMatch(/Something went wrong/);
}, 240_000);
