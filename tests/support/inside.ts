// Loaded into a server process before it starts (`--import`): lets a test look into its memory.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector';
import { setFlagsFromString, writeHeapSnapshot } from 'node:v8';

// A snapshot leaves out what follows the first 1,024 letters of a string unless it is told not to.
setFlagsFromString('--heap-snapshot-string-limit=100000000');

process.on('message', (asked: { ask: 'heap' } | { ask: 'snapshot'; file: string }) => {
  globalThis.gc?.();
  if (asked.ask === 'heap') process.send?.({ heap: process.memoryUsage().heapUsed });
  else process.send?.({ file: writeMemory(asked.file) });
});
// The channel to the test is no reason to live on.
process.channel?.unref();

function writeMemory(file: string): string {
  const written = writeHeapSnapshot(file);
  writeLiveBytes(`${written}.bytes`);
  return written;
}

/** What every reachable buffer holds, which a heap snapshot leaves out. */
function writeLiveBytes(file: string): void {
  const session = new Session();
  session.connect();
  const given = globalThis as { liveArrays?: Uint8Array[] };
  session.post('Runtime.evaluate', { expression: 'Uint8Array.prototype' }, (_, { result }) =>
    session.post(
      'Runtime.queryObjects',
      { prototypeObjectId: result.objectId ?? '' },
      (_, { objects }) =>
        session.post('Runtime.callFunctionOn', {
          objectId: objects.objectId,
          functionDeclaration: 'function () { globalThis.liveArrays = this; }'
        })
    )
  );
  session.disconnect();
  // `Buffer.prototype` is among them and holds nothing.
  const arrays = given.liveArrays?.filter((array) => ArrayBuffer.isView(array));
  if (!arrays) throw new Error('the inspector did not answer at once');
  delete given.liveArrays;
  const buffers = new Set(arrays.map(({ buffer }) => buffer));
  writeFileSync(file, Buffer.concat([...buffers].map((buffer) => new Uint8Array(buffer))));
}
