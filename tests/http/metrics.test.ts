import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { serveMetrics } from '#server/health/metrics.ts';

it('tells its numbers on a loopback port of its own', async () => {
  const gauge = { name: 'frirum_waiting', help: 'Visitors who wait.', read: () => 3 };
  const server = await serveMetrics(0, [gauge]);
  const { port, address } = server.address() as AddressInfo;
  expect(address).toBe('127.0.0.1');
  const answer = await fetch(`http://127.0.0.1:${port}/metrics`);
  expect(await answer.text()).toBe(
    '# HELP frirum_waiting Visitors who wait.\n# TYPE frirum_waiting gauge\nfrirum_waiting 3\n'
  );
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);

  await expect(serveMetrics(port, [gauge])).rejects.toThrow(/METRICS_PORT .*EADDRINUSE/);
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
});
