import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocketServer, type WebSocket } from 'ws';
import { LoadGenerator } from '../../bench/load-generator.ts';

const hasCompiler = spawnSync('gcc', ['--version']).status === 0;

/** What a relay does with the k-th message it is given. */
type Behaviour = (frame: Buffer, k: number) => readonly Buffer[];

async function runAgainst(behaviour: Behaviour, mode: 'saturated' | 'paced') {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const parties = new Map<string, WebSocket>();
  let count = 0;
  server.on('connection', (socket, { url = '' }) => {
    parties.set(url, socket);
    const other = url.endsWith('/0') ? url.replace(/0$/, '1') : url.replace(/1$/, '0');
    socket.on('message', (frame: Buffer) => {
      const isMessage = frame.length === 300;
      const passedOn = isMessage ? behaviour(frame, (count += 1)) : [frame];
      for (const one of passedOn) parties.get(other)?.send(one);
    });
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const settings = { dialect: 'raw-ws', mode, port, clients: 20, rate: 200, seconds: 0.4 };
  const run = generator.start({ ...settings, 'warm-up': 0.1 }, []);
  try {
    await run.until('open');
    await run.until('close');
    return await run.result();
  } finally {
    await run.stop();
    for (const client of server.clients) client.terminate();
    server.close();
  }
}

let generator: LoadGenerator;

describe.skipIf(!hasCompiler)('the load generator', () => {
  beforeAll(() => {
    generator = new LoadGenerator();
  });
  afterAll(() => generator.remove());

  it('counts each message once, when it is delivered and its sender is told', async () => {
    const { sent, delivered, acknowledged, done } = await runAgainst(
      (frame) => [frame],
      'saturated'
    );
    expect(done).toBeGreaterThan(100);
    expect(delivered).toBe(sent);
    expect(acknowledged).toBe(sent);
  });

  it('keeps the pace and takes the time of every message', async () => {
    const { samples, p50, p99 } = await runAgainst((frame) => [frame], 'paced');
    expect(samples).toBe(80);
    expect(p50).toBeGreaterThan(10);
    expect(p99).toBeGreaterThanOrEqual(p50);
  });

  it.each<[string, Behaviour]>([
    ['loses a message', (frame, k) => (k % 50 === 0 ? [] : [frame])],
    ['doubles a message', (frame, k) => (k % 50 === 0 ? [frame, frame] : [frame])],
    [
      'changes a message',
      (frame, k) => [k % 50 === 0 ? Buffer.from(frame).fill(65, 40, 41) : frame]
    ]
  ])('does not accept a relay that %s', async (_, behaviour) => {
    await expect(runAgainst(behaviour, 'saturated')).rejects.toThrow('the load generator failed');
  });
});
