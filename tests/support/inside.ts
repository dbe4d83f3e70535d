// Loaded into a server process before it starts (`--import`): lets a test look into its memory.
import { writeHeapSnapshot } from 'node:v8';

process.on('message', (asked: { ask: 'heap' } | { ask: 'snapshot'; file: string }) => {
  globalThis.gc?.();
  if (asked.ask === 'heap') process.send?.({ heap: process.memoryUsage().heapUsed });
  else process.send?.({ file: writeHeapSnapshot(asked.file) });
});
// The channel to the test is no reason to live on.
process.channel?.unref();
