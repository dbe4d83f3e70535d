import { defineConfig } from 'vitest/config';
import { alone, browser, quick } from './tests/support/groups.ts';
import { LongestFirst } from './tests/support/longest-first.ts';

// A file lands in "browser" by what it imports, in "alone" by its name. The first two groups run side by side, as
// most of a journey is waiting: for keys, for a line that is cut, for somebody who reads.
const sideBySide = { maxWorkers: 4, sequence: { groupOrder: 1 } };

export default defineConfig({
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    globalSetup: 'tests/support/fresh-house.ts',
    // Two noisy cores: what needs its second try is printed by scripts/test.mjs, and counted once.
    retry: 1,
    // A page or a Redis shows what it knows when it has a core to itself, not within Vitest's one second.
    expect: { poll: { timeout: 15_000, interval: 100 } },
    sequence: { sequencer: LongestFirst },
    projects: [
      { extends: true, test: { name: 'quick', include: quick, ...sideBySide } },
      { extends: true, test: { name: 'browser', include: browser, ...sideBySide } },
      {
        extends: true,
        test: { name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 2 } }
      }
    ]
  }
});
