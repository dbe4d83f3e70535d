// A house in a process of its own, to be killed: books what it is sent and answers when it is on the disk,
// its own or that of a Redis.
import { DatabaseSync } from 'node:sqlite';
import { book } from '#shared/booking/calls.ts';
import { openRedisDurable } from '#server/store/durable/redis/open-redis-durable.ts';
import type { RequestOf } from '#shared/wire/define-call.ts';
import { AHouse } from '#tests/booking/a-house.ts';

const [folder = '', secret = '', now = '', synchronous = 'FULL', redis] = process.argv.slice(2);

if (synchronous !== 'FULL') {
  // The product has no such setting; the control of the test takes it away.
  const { exec } = DatabaseSync.prototype;
  DatabaseSync.prototype.exec = function (sql) {
    exec.call(this, sql.replace('synchronous = FULL', `synchronous = ${synchronous}`));
  };
}

const house = await AHouse.open({
  ...{ folder, secret: Buffer.from(secret, 'hex'), now: Number(now) },
  ...(redis ? { openDurable: () => openRedisDurable(redis) } : {})
});

process.on('message', ({ id, request }: { id: number; request: RequestOf<typeof book> }) => {
  house.ask(book, request).then(
    (answer) => process.send?.({ id, answer }),
    (error: unknown) => process.send?.({ id, error: String(error) })
  );
});
process.send?.('ready');
