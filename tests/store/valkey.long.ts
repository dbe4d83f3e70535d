// What the stores promise, on Valkey in place of Redis: one server, a group under Sentinels, a cluster.
import { existsSync } from 'node:fs';
import { test, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });
const valkey = process.env['VALKEY_SERVER'] ?? '/usr/bin/valkey-server';

if (existsSync(valkey)) {
  process.env['VALKEY_SERVER'] = valkey;
  await import('./redis-relay.test.ts');
  await import('./redis-queue.test.ts');
  await import('./redis-durable-refused.test.ts');
  await import('./redis-cluster.test.ts');
  await import('./redis-group.test.ts');
  await import('#tests/deploy/redis.test.ts');
} else {
  test.skip(`${valkey} is not there: install it, or say in VALKEY_SERVER where it is`);
}
