// Which test runs beside which others (vitest.config.ts).
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What measures time, or the machine as a whole, and says nothing true beside others: and why. */
const needsTheMachine: Readonly<Record<string, string>> = {
  'tests/attacks/flood.test.ts': '99 of 100 messages must come within 50 ms of a flood',
  'tests/attacks/malformed-frames.test.ts': 'its flood takes both cores, and it weighs a heap',
  'tests/bench/load-generator.test.ts': 'it keeps a pace, and measures whether it did',
  'tests/booking/race.redis.test.ts': 'the same race, on a real Redis',
  'tests/booking/race.test.ts': 'the work of ten thousand who want one slot is measured',
  'tests/booking/week.test.ts': '95 of 100 answers must come within 100 ms',
  'tests/counsellor/sign-in-timing.test.ts':
    'fractions of a millisecond must not tell who is known',
  'tests/faults/power-cut.test.ts': 'the power fails at moments counted in milliseconds',
  'tests/faults/redis-power-cut.test.ts': 'the same, of a Redis',
  'tests/hint/tells-who.test.ts': 'no text may keep a phone busy for 400 ms',
  'tests/http/slow.test.ts': 'who dawdles must be let go after so many seconds, and not later',
  'tests/journeys/desk-latency.test.ts': '95 of 100 keys must be painted within 50 ms',
  'tests/klippekort/evaluation-pool.test.ts': 'no turn of the server may take 15 ms',
  'tests/pages/leave-now.test.ts': 'the page must be blank with the next frame',
  'tests/pages/lighthouse.test.ts': 'Lighthouse multiplies what the processor was busy'
};

/** An import that runs: where it starts from, and the path. */
const imports = /^import (?!type\b)[^;]*?'(#tests\/|\.{1,2}\/)([^']+)';/gm;
const launches = /^import \{ chromium\b[^;]*'playwright-core';/m;

/** Whether a file opens a browser, itself or by what it imports. */
function opensBrowser(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file) || !existsSync(join(root, file))) return false;
  seen.add(file);
  const text = readFileSync(join(root, file), 'utf8');
  if (launches.test(text)) return true;
  return [...text.matchAll(imports)].some(([, from, path = '']) =>
    opensBrowser(
      from === '#tests/' ? join('tests', path) : join(dirname(file), from ?? '', path),
      seen
    )
  );
}

const others = globSync('tests/**/*.test.ts', { cwd: root })
  .toSorted()
  .filter((file) => !(file in needsTheMachine));

export const alone = Object.keys(needsTheMachine);
export const browser = others.filter((file) => opensBrowser(file));
export const quick = others.filter((file) => !browser.includes(file));

const gone = alone.filter((file) => !existsSync(join(root, file)));
if (gone.length > 0)
  throw new Error(`tests/support/groups.ts names ${gone.join(', ')}: no such test`);
