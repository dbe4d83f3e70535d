import { expect, test } from 'vitest';
import { everythingTold } from './canary-journey.ts';
import { talkAndScan } from './talk-and-scan.ts';

test('nobody but those in it can find a word of a conversation, nor who wrote it', async () => {
  const scan = await talkAndScan();
  const agreed = scan.upgrades.map(({ response }) => response);
  expect(agreed.filter((head) => head.startsWith('HTTP/1.1 101')).length).toBeGreaterThanOrEqual(4);
  expect(agreed.filter((head) => /^sec-websocket-extensions:/im.test(head))).toEqual([]);
  for (const { text } of everythingTold)
    expect(scan.upgrades.map(({ request }) => request)).toContainEqual(
      expect.stringContaining(text)
    );
  const { frames, files, output, memory, profile, identity, ended } = scan;
  expect({ frames, files, output, memory, profile, identity, ended }).toEqual({
    frames: [],
    files: [],
    output: [],
    memory: [],
    profile: [],
    identity: [],
    ended: []
  });
  expect(scan.compressedFrames).toBe(0);
  expect(scan.filesElsewhere).toEqual([]);
}, 180_000);
