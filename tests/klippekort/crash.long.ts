import { expect, test } from 'vitest';
import { tellRandomStories } from './stories.ts';

test('no clip is lost and none is doubled in 500 random stories', async () => {
  expect((await tellRandomStories(151, 500)).size).toBeGreaterThan(30);
}, 600_000);
