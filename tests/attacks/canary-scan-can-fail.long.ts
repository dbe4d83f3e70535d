import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Find } from '#tests/support/canary.ts';
import { everythingSaid } from './canary-journey.ts';
import { buildPlaintext } from './plaintext/build-plaintext.ts';
import { talkAndScan } from './talk-and-scan.ts';

const plainPages = mkdtempSync(join(tmpdir(), 'frirum-plaintext-'));
beforeAll(() => buildPlaintext(plainPages));
afterAll(() => rmSync(plainPages, { recursive: true, force: true }));

test('the same scan finds the words of pages that do not encrypt', async () => {
  const scan = await talkAndScan({ FRIRUM_BUILD: plainPages });
  const canariesIn = (finds: readonly Find[]) => new Set(finds.map(({ canary }) => canary));
  const all = new Set(everythingSaid.map(({ name }) => name));
  expect(canariesIn(scan.frames)).toEqual(all);
  expect(canariesIn(scan.memory)).toEqual(all);
}, 180_000);
