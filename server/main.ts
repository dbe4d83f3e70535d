import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp, type App } from './app.ts';
import { systemClock } from './clock.ts';
import { serveMetrics } from './health/metrics.ts';
import { readSettings, type Settings } from './settings.ts';
import { CannotStart, codeOf } from './store/durable/cannot-start.ts';
import { openStores } from './store/open-stores.ts';
import { signInLines } from './try-out/sign-ins.ts';
import { defaultLimits } from './wire/limits.ts';

/** Whatever happens, the process is gone by then. */
const LONGEST_STOP = 9000;
/** Time for a load balancer to see `/readyz` and look elsewhere. */
const UNTIL_NOTICED = 2000;

// Every file this process makes is for its own user.
process.umask(0o077);
goOnAfterErrors();
try {
  await start();
} catch (error) {
  // Nobody has sent anything yet, so an error nobody foresaw may say what it is.
  if (error instanceof CannotStart) console.error(error.message);
  else console.error(`Frirum cannot start: ${String(error).split('\n')[0]}`);
  process.exit(error instanceof CannotStart ? error.status : 1);
}

async function start(): Promise<void> {
  const settings = readSettings();
  const stores = await openStores(settings, systemClock);
  const app = await createApp(settings, stores, {
    ...defaultLimits,
    silence: settings.silence
  });
  // Before anything else can go wrong: they are told this once.
  if (app.signIns) console.log(signInLines(app.signIns, settings.dataFolder).join('\n'));
  await listen(app.http, settings);
  const metrics =
    settings.metricsPort === null
      ? null
      : await serveMetrics(settings.metricsPort, app.measures.registry);
  stopOnSignals(app, metrics, settings);

  const { port } = app.http.address() as AddressInfo;
  const host = settings.host.startsWith('127.') ? 'localhost' : settings.host;
  console.log(`Frirum is ready: http://${host.includes(':') ? `[${host}]` : host}:${port}`);
}

function listen(http: Server, { host, port }: Settings): Promise<void> {
  return new Promise((done, fail) => {
    http.once('error', (error) => fail(cannotListen(codeOf(error), host, port)));
    http.listen(port, host, done);
  });
}

function cannotListen(code: string, host: string, port: number): CannotStart {
  const why: Record<string, string> = {
    EADDRINUSE: `port ${port} is in use. Stop what uses it, or set PORT to another one.`,
    EACCES: `this user may not listen on port ${port}. Set PORT to one above 1023.`,
    EADDRNOTAVAIL: `${host} is not an address of this machine. Set HOST to one that is.`
  };
  const reason = why[code] ?? `it cannot listen on port ${port} (${code}). Set PORT or HOST.`;
  return new CannotStart(`Frirum cannot start: ${reason}`);
}

function stopOnSignals(app: App, metrics: Server | null, settings: Settings): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    setTimeout(() => process.exit(1), LONGEST_STOP).unref();
    app.retire();
    // Nobody balances load over a try-out.
    if (!settings.tryOut) await new Promise((noticed) => setTimeout(noticed, UNTIL_NOTICED));
    metrics?.close();
    metrics?.closeAllConnections();
    await app.close();
    process.exit(0);
  };
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop());
}

/**
 * No input ends the process: conversations are held in its memory, and one broken answer is not worth
 * all of them. Only the error's name is written, because a message may hold what somebody sent.
 */
function goOnAfterErrors(): void {
  // Whoever read our lines may be gone; that is no reason to stop, nor to write about it.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  const tell = (error: unknown) => console.error(`Something went wrong: ${codeOf(error)}`);
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
}
