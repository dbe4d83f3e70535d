import { defineConfig } from 'vitest/config';

/** What takes too long for every day: `npm run test:long`. */
export default defineConfig({
  test: { include: ['tests/**/*.long.ts'], fileParallelism: false, hookTimeout: 60_000 }
});
