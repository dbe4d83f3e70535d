import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { connect, type Redis } from '../../redis/connection.ts';
import type { Script } from '../../redis/script.ts';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** What is told to the other nodes: that the queue, or what a node says of itself, is another now. */
export type Poke = 'queue' | 'node';

/**
 * This node's way to the Redis of the house. Names there are hashes and values are sealed, both under
 * keys of the service: Redis sees that something changes, and when, but neither who nor what.
 */
export class HouseLink {
  /** This life of this node. */
  readonly node = randomBytes(9).toString('base64url');
  private readonly commands: Redis;
  private readonly subscriber: Redis;
  private readonly secret: Uint8Array;
  private readonly sealKey: Buffer;
  private readonly hearers = new Map<string, () => void>();
  private readonly readyHearers: (() => void)[] = [];

  private constructor(commands: Redis, subscriber: Redis, secret: Uint8Array) {
    this.commands = commands;
    this.subscriber = subscriber;
    this.secret = secret;
    this.sealKey = createHmac('sha256', secret).update('frirum house seal').digest();
    subscriber.onReady(() => {
      for (const hear of this.readyHearers) hear();
    });
  }

  /**
   * @param secret the same on every node
   * @throws when Redis cannot be reached
   */
  static async open(url: string, secret: Uint8Array): Promise<HouseLink> {
    const [commands, subscriber] = await Promise.all([connect(url), connect(url)]);
    const link = new HouseLink(commands, subscriber, secret);
    await subscriber.subscribe(link.channel, (bytes) => link.hear(bytes));
    return link;
  }

  /** Every key of a house has one hash tag, so that in a cluster they live together. */
  key(what: string): string {
    return `house:{${this.name('house', '').slice(0, 8)}}:${what}`;
  }

  /** Where pokes go: `<poke> <node>`. Lost ones are made good within a second. */
  get channel(): string {
    return this.key('pokes');
  }

  /** 16 bytes of an HMAC as base64url, in place of what must not be read in Redis. */
  name(kind: string, what: string): string {
    const hash = createHmac('sha256', this.secret).update(`frirum ${kind} `).update(what);
    return hash.digest('base64url').slice(0, 22);
  }

  /** nonce12 ‖ tag16 ‖ AES-256-GCM of the JSON; `about` has to be the same when it is opened. */
  seal(value: unknown, about: string): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.sealKey, nonce).setAAD(Buffer.from(about));
    const sealed = [cipher.update(JSON.stringify(value), 'utf8'), cipher.final()];
    return Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]);
  }

  /** @throws when it was not sealed by this house, about this */
  unseal(bytes: Buffer, about: string): unknown {
    const tagAt = nonceBytes + tagBytes;
    const opener = createDecipheriv(algorithm, this.sealKey, bytes.subarray(0, nonceBytes))
      .setAAD(Buffer.from(about))
      .setAuthTag(bytes.subarray(nonceBytes, tagAt));
    const text = opener.update(bytes.subarray(tagAt), undefined, 'utf8') + opener.final('utf8');
    return JSON.parse(text);
  }

  run(script: Script, keys: readonly string[], values: (string | Buffer)[]): Promise<unknown> {
    return script.run(
      this.commands,
      keys.map((key) => this.key(key)),
      values
    );
  }

  onPoke(poke: Poke, hear: () => void): void {
    this.hearers.set(poke, hear);
    this.readyHearers.push(hear);
  }

  /** Hears that Redis is there again, perhaps empty. */
  onReady(hear: () => void): void {
    this.readyHearers.push(hear);
  }

  async stop(): Promise<void> {
    this.hearers.clear();
    this.readyHearers.length = 0;
    await Promise.allSettled([this.subscriber.close(), this.commands.close()]);
  }

  private hear(bytes: Buffer): void {
    const [poke, from] = bytes.toString().split(' ');
    if (from !== this.node) this.hearers.get(poke ?? '')?.();
  }
}
