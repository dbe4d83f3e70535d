import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp, type App } from '#server/app.ts';
import { systemClock, type Clock } from '#server/clock.ts';
import { readSettings } from '#server/settings.ts';
import { EmbeddedQueue } from '#server/store/volatile/embedded-queue.ts';
import { EmbeddedRelay } from '#server/store/volatile/embedded-relay.ts';
import type { Limits } from '#server/wire/limits.ts';
import { openFurnished } from './durable.ts';

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

/** As the try-out has written it down. */
export function passwordIn(folder: string, signIn: string): string {
  const { accounts } = JSON.parse(readFileSync(join(folder, 'try-out.json'), 'utf8'));
  return accounts.find((one: { signIn: string }) => one.signIn === signIn).password;
}

/** The whole service on a free loopback port, with its own data folder. */
export async function startApp(options: Options = {}): Promise<RunningApp> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'frirum-'));
  const settings = readSettings({ PORT: String(options.port ?? 0), FRIRUM_DATA: data });
  const clock = options.clock ?? systemClock;
  const stores = {
    durable: await openFurnished(data),
    relay: new EmbeddedRelay(clock),
    queue: new EmbeddedQueue(clock),
    clock,
    away: () => null
  };
  const app = await createApp(settings, stores, options.limits);
  await new Promise<void>((resolve) => app.http.listen(settings.port, '127.0.0.1', resolve));
  const { port } = app.http.address() as AddressInfo;
  return {
    app,
    port,
    origin: `http://127.0.0.1:${port}`,
    data,
    password: (signIn) => passwordIn(data, signIn),
    stop: async () => {
      await app.close();
      if (!options.data) rmSync(data, { recursive: true, force: true });
    }
  };
}
