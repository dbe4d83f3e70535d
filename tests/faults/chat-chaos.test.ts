import { describe, expect, test } from 'vitest';
import { chatInChaos, type ChatChaos } from './chat-chaos.ts';

/** The short form; `npm run test:long` has the whole of it. */
const short = async (chaos: Partial<ChatChaos>) => {
  const found = await chatInChaos({ conversations: 100, seconds: 8, killEvery: 2, ...chaos });
  console.log(JSON.stringify(found));
  expect(found).toMatchObject({ lost: 0, doubled: 0, reordered: 0, complaints: [] });
  expect(found.said).toBeGreaterThan(500);
  return found;
};

describe('behind nginx, three nodes on Redis: each message once and in order', () => {
  test('while nodes are killed', async () => {
    const found = await short({ conversations: 300, seconds: 15 });
    expect(found.kills).toBeGreaterThan(2);
  }, 180_000);

  test('while nodes are killed and Redis comes back empty', async () => {
    await short({ emptyEvery: 3 });
  }, 180_000);

  test('while nodes are killed and Redis stands still', async () => {
    await short({ frozenFor: 4 });
  }, 180_000);

  test('while one node after the other is restarted', async () => {
    // All three: nginx has to let people come back to a node that it has seen dead.
    const found = await short({ isRolling: true, seconds: 14, killEvery: 1 });
    expect(found.kills).toBeGreaterThan(2);
  }, 180_000);
});
