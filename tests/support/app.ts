import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '#server/app.ts';
import { systemClock, type Clock } from '#server/clock.ts';
import { readSettings } from '#server/settings.ts';
import { EmbeddedQueue } from '#server/store/volatile/embedded-queue.ts';
import { EmbeddedRelay } from '#server/store/volatile/embedded-relay.ts';
import type { Limits } from '#server/wire/limits.ts';
import { openDurable } from './durable.ts';

export interface RunningApp {
  readonly app: App;
  readonly origin: string;
  readonly port: number;
  readonly data: string;
  readonly password: (signIn: string) => string;
  stop(): Promise<void>;
}

interface Options {
  readonly clock?: Clock;
  readonly limits?: Limits;
  readonly port?: number;
  /** A data folder of an earlier run; it is then left in place. */
  readonly data?: string;
}

const passwords = new Map<string, string>();

/** The whole service on a free loopback port, with its own data folder. */
export async function startApp(options: Options = {}): Promise<RunningApp> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'frirum-'));
  const settings = readSettings({ PORT: String(options.port ?? 0), FRIRUM_DATA: data });
  const clock = options.clock ?? systemClock;
  const stores = {
    durable: await openDurable(data),
    relay: new EmbeddedRelay(clock),
    queue: new EmbeddedQueue(clock),
    clock,
    away: () => null
  };
  const app = await createApp(settings, stores, options.limits);
  for (const { signIn, password } of app.signIns ?? []) passwords.set(data + signIn, password);
  await new Promise<void>((resolve) => app.http.listen(settings.port, '127.0.0.1', resolve));
  const { port } = app.http.address() as AddressInfo;
  return {
    app,
    port,
    origin: `http://127.0.0.1:${port}`,
    data,
    password: (signIn) => passwords.get(data + signIn) ?? '',
    stop: async () => {
      await app.close();
      if (!options.data) rmSync(data, { recursive: true, force: true });
    }
  };
}
