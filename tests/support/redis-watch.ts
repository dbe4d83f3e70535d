import { randomUUID } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import type { Haystack } from './canary.ts';
import type { RedisServer } from './redis.ts';

/** Everything that one Redis is told from now on, and what it holds when asked. */
export class RedisWatch {
  private readonly socket: Socket;
  private readonly chunks: Buffer[] = [];
  private readonly redis: RedisServer;

  private constructor(redis: RedisServer) {
    this.redis = redis;
    this.socket = connect(redis.port, '127.0.0.1');
    this.socket.on('data', (chunk) => this.chunks.push(chunk));
    this.socket.on('error', () => {});
  }

  static async over(redis: RedisServer): Promise<RedisWatch> {
    const watch = new RedisWatch(redis);
    await new Promise<void>((begun) => {
      watch.socket.once('data', () => begun());
      watch.socket.write('MONITOR\r\n');
    });
    return watch;
  }

  /** The MONITOR stream as it came and with its escapes undone, each value by DUMP, the slow log. */
  async haystacks(): Promise<Haystack[]> {
    const mark = randomUUID();
    await this.redis.ask((client) => client.echo(mark));
    while (!Buffer.concat(this.chunks).includes(mark))
      await new Promise((soon) => setTimeout(soon, 20));
    const monitor = Buffer.concat(this.chunks);
    const plain = monitor
      .toString('latin1')
      .replaceAll(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
      .replaceAll(/\\(["\\])/g, '$1');
    const held = await this.redis.ask(async (client) => {
      const found: Haystack[] = [];
      for await (const keys of client.scanIterator())
        for (const key of keys) {
          const bytes = await client.withTypeMapping({ 36: Buffer }).dump(key);
          found.push({ where: `key ${key}`, bytes: Buffer.from(key) });
          if (bytes) found.push({ where: `value of ${key}`, bytes: Buffer.from(bytes) });
        }
      const slow = JSON.stringify(await client.sendCommand(['SLOWLOG', 'GET', '-1']));
      return [...found, { where: 'slow log', bytes: Buffer.from(slow) }];
    });
    return [
      { where: 'monitor', bytes: monitor },
      { where: 'monitor', bytes: Buffer.from(plain, 'latin1') },
      ...held
    ];
  }

  stop(): void {
    this.socket.destroy();
  }
}
