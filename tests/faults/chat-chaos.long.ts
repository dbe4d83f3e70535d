import { expect, test } from 'vitest';
import { chatInChaos, type ChatChaos } from './chat-chaos.ts';

const variants: Record<string, Partial<ChatChaos>> = {
  'nodes are killed': {},
  'nodes are killed and Redis comes back empty': { emptyEvery: 15 },
  'nodes are killed and Redis stands still': { frozenFor: 7 },
  'nodes are restarted one after the other': { isRolling: true, killEvery: 6 }
};

test.each(Object.entries(variants))(
  'a thousand conversations for a minute while %s',
  async (_, variant) => {
    const found = await chatInChaos({
      ...{ conversations: 1_000, seconds: 60, killEvery: 2, settlesWithin: 240 },
      ...variant
    });
    console.log(JSON.stringify(found));
    expect(found).toMatchObject({ lost: 0, doubled: 0, reordered: 0, complaints: [] });
  },
  600_000
);

test('with a kill every six seconds, 99 of 100 messages take no second', async () => {
  const found = await chatInChaos({ conversations: 300, seconds: 60, killEvery: 6 });
  console.log(JSON.stringify(found));
  expect(found).toMatchObject({ lost: 0, doubled: 0, reordered: 0, complaints: [] });
  expect(found.p99).toBeLessThanOrEqual(1_000);
}, 600_000);

test.each([
  ['', { killEvery: null }],
  [' and nodes as well', { killEvery: 6 }]
])(
  'three hundred conversations on a cluster whose masters die%s',
  async (_, variant) => {
    const found = await chatInChaos({
      ...{ conversations: 300, seconds: 40, masterEvery: 4, settlesWithin: 120 },
      ...variant
    });
    console.log(JSON.stringify(found));
    expect(found).toMatchObject({ lost: 0, doubled: 0, reordered: 0, complaints: [] });
    expect(found.masters).toBeGreaterThan(2);
    // Whoever waits for the next idle question of a client, waits for seconds.
    expect(found.p50).toBeLessThan(500);
  },
  300_000
);
