// Frirum itself, the whole service on the embedded store.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#server/clock.ts';
import { EmbeddedRelay } from '#server/store/volatile/embedded-relay.ts';
import { startFrirum } from './start-frirum.ts';

const folder = mkdtempSync(join(tmpdir(), 'bench-frirum-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const frirum = await startFrirum(folder, () => new EmbeddedRelay(systemClock));
console.log(JSON.stringify(await frirum.conversations()));
