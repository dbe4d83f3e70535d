import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '#server/app.ts';
import { systemClock, type Clock } from '#server/clock.ts';
import { readSettings } from '#server/settings.ts';
import { openStores, type Stores } from '#server/store/open-stores.ts';
import { defaultLimits, type Limits } from '#server/wire/limits.ts';
import { passwordIn, type RunningApp } from './app.ts';
import { Passage } from './passage.ts';
import { RedisServer } from './redis.ts';

/** A node that can be cut off from Redis for good: to the others it has died. */
export interface ANode extends RunningApp {
  die(): Promise<void>;
}

/** Several nodes of one service in this process, each with connections of its own to two real Redis. */
export class SeveralNodes {
  readonly data = mkdtempSync(join(tmpdir(), 'frirum-'));
  readonly volatile: RedisServer;
  readonly durable: RedisServer;
  private readonly clock: Clock | null;
  private readonly forgottenAfter: number | undefined;
  private readonly nodes: ANode[] = [];
  private stores: Stores | null = null;

  private constructor(
    volatile: RedisServer,
    durable: RedisServer,
    clock: Clock | null,
    forgottenAfter: number | undefined
  ) {
    this.forgottenAfter = forgottenAfter;
    this.volatile = volatile;
    this.durable = durable;
    this.clock = clock;
  }

  /** @param forgottenAfter milliseconds a conversation waits for somebody to come back, instead of half an hour */
  static async start(
    clock: Clock | null = null,
    more: readonly string[] = [],
    forgottenAfter?: number
  ): Promise<SeveralNodes> {
    const [volatile, durable] = await Promise.all([
      RedisServer.start('volatile', [
        '--slowlog-log-slower-than',
        '-1',
        '--crash-log-enabled',
        'no',
        ...more
      ]),
      RedisServer.start('durable', more)
    ]);
    return new SeveralNodes(volatile, durable, clock, forgottenAfter);
  }

  async node(limits: Limits = defaultLimits): Promise<ANode> {
    const gate = await Passage.to(this.volatile.port);
    const settings = readSettings({
      PORT: '0',
      FRIRUM_DATA: this.data,
      REDIS_VOLATILE_URL: `redis://127.0.0.1:${gate.port}`,
      REDIS_DURABLE_URL: this.durable.url
    });
    const stores = await openStores(settings, systemClock, this.forgottenAfter);
    this.stores ??= stores;
    const app = await createApp(settings, { ...stores, clock: this.clock ?? stores.clock }, limits);
    await new Promise<void>((listens) => app.http.listen(0, '127.0.0.1', listens));
    const { port } = app.http.address() as AddressInfo;
    let isUp = true;
    const stop = async () => {
      if (isUp) await app.close();
      isUp = false;
      gate.shut();
    };
    const node = {
      app,
      port,
      origin: `http://127.0.0.1:${port}`,
      data: this.data,
      password: (signIn: string) => this.password(signIn),
      stop,
      die: async () => {
        gate.shut();
        await stop();
      }
    };
    this.nodes.push(node);
    return node;
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.stop()));
    await Promise.all([this.volatile.close(), this.durable.close()]);
    rmSync(this.data, { recursive: true, force: true });
  }

  /** The id of an account. */
  async accountOf(name: string): Promise<string> {
    return (await this.stores?.durable.accounts.named(name))?.id ?? '';
  }

  /** What all nodes write down. */
  get written(): Stores['durable'] {
    if (!this.stores) throw new Error('no node');
    return this.stores.durable;
  }

  password(signIn: string): string {
    return passwordIn(this.data, signIn);
  }
}
