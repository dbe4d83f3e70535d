import { nameOf, type RedisAddress } from './address.ts';
import { Channels } from './channels.ts';
import { connectTo, end, open, type Client, type Speech } from './client.ts';
import { Confirming, hasCopy } from './confirming.ts';
import { Directory, type Holder } from './directory.ts';
import { slotOf, tagOf } from './slot-of.ts';

/** Milliseconds: how often who holds what is asked; while something is wrong; how long a first answer is waited for. */
const lookEvery = 2_000;
const lookAgainAfter = 150;
const firstAnswerWithin = 10_000;
const firstAskedEvery = 20;
/** What does not get better by waiting. */
const isFinal = (error: unknown) =>
  error instanceof Error && /^(NOGROUP|NOAUTH|WRONGPASS|NOPERM) /.test(error.message);
/** What is answered by who does not hold a key, or not any more. Nothing was done then. */
const notHere = /^(MOVED|READONLY) /;
const elsewhere = /^(MOVED|READONLY|ASK|TRYAGAIN|CLUSTERDOWN|MASTERDOWN|LOADING|NOREPLICAS) /;

type Word = string | Buffer;

/**
 * One Redis: a server, a group under Sentinels, or a cluster. Whoever uses it names a key, and what it
 * sends goes to the master that holds it; after a failover that is another one. The kept client of the
 * library repeats what it does not know the outcome of, and lets commands wait meanwhile: here a command
 * fails at once, and only who asked may ask again.
 */
export class Servers {
  /** Whether keys are spread over several masters. */
  readonly isSpread: boolean;
  /** Whether what was written is also at another server before it is acknowledged. */
  readonly isCopied: boolean;
  private readonly directory: Directory;
  private readonly speech: Speech;
  private readonly clients = new Map<string, Client>();
  private readonly channels = new Channels();
  private readonly confirming = new Confirming();
  private readonly readyHearers: (() => void)[] = [];
  /** By tag: names of conversations are spread over few. */
  private readonly byTag = new Map<string, Client>();
  private holders: readonly Holder[] = [];
  private only: Client | null = null;
  private looking: Promise<void> | null = null;
  private again: NodeJS.Timeout | null = null;
  private isStopped = false;
  /** A key of what has to be confirmed, once something was; and whether its holder would confirm it now. */
  private confirmed: string | null = null;
  private mayConfirm = true;

  private constructor(address: RedisAddress) {
    const { kind, login, tls, database } = address;
    this.isSpread = kind === 'cluster';
    this.isCopied = kind !== 'one';
    this.speech = { login, tls, database };
    this.directory = new Directory(address);
  }

  /** @throws when nobody can be reached within about ten seconds */
  static async connect(address: RedisAddress): Promise<Servers> {
    const servers = new Servers(address);
    try {
      await servers.begin();
    } catch (error) {
      servers.destroy();
      throw error;
    }
    return servers;
  }

  get isOpen(): boolean {
    return !this.isStopped;
  }

  /** Whether all of it answers, and acknowledges where that is asked of it. */
  get isReady(): boolean {
    if (this.only) return this.only.isReady;
    return (
      this.mayConfirm &&
      this.holders.length > 0 &&
      this.holders.every(({ at }) => this.clients.get(nameOf(at))?.isReady) &&
      this.channels.isWhole
    );
  }

  /** Sends a command to who holds `key`; one is written behind the other. */
  send(key: string, command: readonly Word[]): Promise<unknown> {
    if (this.only) return this.only.sendCommand([...command]);
    return this.orElsewhere(() => this.holding(key).sendCommand([...command]));
  }

  /**
   * The same, and answers when another server has it too, so that it is still there when that one takes
   * over. All that is sent in one turn of the event loop is confirmed together.
   * @throws also when no other says so in time: then nobody knows whether it stays
   */
  sendAndConfirm(key: string, command: readonly Word[]): Promise<unknown> {
    if (!this.isCopied) return this.send(key, command);
    this.confirmed = key;
    return this.orElsewhere(async () => {
      const client = this.holding(key);
      const answer = client.sendCommand([...command]);
      const confirmed = this.confirming.isCopied(client, key);
      const answered = await answer;
      if (await confirmed) return answered;
      this.mayConfirm = false;
      this.lookSoon();
      throw new Error('no other server is known to have it');
    });
  }

  /** The connection to who holds a key at the moment, for what one connection has to do in one piece. */
  holderOf(key: string): Client | null {
    if (this.only) return this.only;
    const tag = tagOf(key);
    const known = this.byTag.get(tag);
    if (known) return known;
    const slot = slotOf(tag);
    const holder = this.holders.find(({ from, to }) => from <= slot && slot <= to);
    const client = holder && this.clients.get(nameOf(holder.at));
    if (client) this.byTag.set(tag, client);
    return client ?? null;
  }

  /**
   * Asks every server that has what is written, copies included; the name is empty where there is only one.
   * @throws what the first one throws
   */
  async everywhere<T>(
    ask: (client: Client, name: string) => Promise<T>,
    isAsked = (_name: string): boolean => true
  ): Promise<T[]> {
    const all = await this.directory.everyServer();
    return Promise.all(
      all
        .filter((at) => isAsked(nameOf(at)))
        .map(async (at) => {
          const client = await connectTo(at, this.speech);
          try {
            return await ask(client, this.isCopied ? nameOf(at) : '');
          } finally {
            end(client);
          }
        })
    );
  }

  /**
   * Hears what is told on a channel, at the very master that holds keys of its tag: there a script that
   * tells something sees whether anybody hears it. On no other connection than this one's.
   */
  async subscribe(channel: string, hear: (bytes: Buffer) => void): Promise<void> {
    this.channels.add(channel, hear);
    await this.place();
    if (!this.channels.isHeard(channel)) throw new Error('it cannot be heard');
  }

  /** Whenever what was told may have been missed. */
  onReady(hear: () => void): void {
    this.readyHearers.push(hear);
  }

  async close(): Promise<void> {
    this.stop();
    await Promise.allSettled([...this.clients.values()].map((client) => client.close()));
  }

  destroy(): void {
    this.stop();
    for (const client of this.clients.values()) end(client);
  }

  private stop(): void {
    this.isStopped = true;
    if (this.again) clearTimeout(this.again);
    this.directory.close();
  }

  private async begin(): Promise<void> {
    this.holders = await this.firstHolders();
    const places = new Map(this.holders.map(({ at }) => [nameOf(at), at]));
    await Promise.all(
      [...places.values()].map(async (at) => this.keep(at, await connectTo(at, this.speech)))
    );
    if (this.isCopied) this.lookAgain(lookEvery);
    else this.only = [...this.clients.values()][0] ?? null;
  }

  private async firstHolders(): Promise<readonly Holder[]> {
    const until = performance.now() + firstAnswerWithin;
    for (;;) {
      try {
        return await this.directory.holders();
      } catch (error) {
        if (performance.now() > until || isFinal(error)) throw error;
        await new Promise((soon) => setTimeout(soon, firstAskedEvery));
      }
    }
  }

  private keep(at: Holder['at'], client: Client): void {
    this.clients.set(nameOf(at), client);
    client.on('ready', () => {
      if (!this.isCopied) return this.tellReady();
      // Who has just taken over may have nobody yet who copies it.
      if (this.confirmed !== null) this.mayConfirm = false;
      this.lookSoon();
    });
    if (!this.isCopied) return;
    client.on('reconnecting', () => {
      // Where it heard something another connection takes its place, here or elsewhere: this one would
      // ask the same server for all of it again, which may hold it no longer.
      if (this.channels.lostAll(client)) this.drop(nameOf(at), client);
      this.lookSoon();
    });
    client.on('sharded-channel-moved', (channel: string) => {
      this.channels.lost(channel);
      this.lookSoon();
    });
  }

  private lookSoon(): void {
    if (!this.looking) this.lookAgain(0);
  }

  private lookAgain(after: number): void {
    if (this.again) clearTimeout(this.again);
    if (!this.isStopped) this.again = setTimeout(() => void this.look(), after).unref();
  }

  /** Never rejects: what is not known yet is asked for again. */
  private look(): Promise<void> {
    this.looking ??= this.learn()
      .catch(() => {})
      .finally(() => {
        this.looking = null;
        this.lookAgain(this.isReady ? lookEvery : lookAgainAfter);
      });
    return this.looking;
  }

  private async learn(): Promise<void> {
    const holders = await this.directory.holders();
    if (this.isStopped) return;
    this.holders = holders;
    this.byTag.clear();
    const names = new Set(holders.map(({ at }) => nameOf(at)));
    for (const { at } of holders) {
      if (this.clients.has(nameOf(at))) continue;
      const client = open(at, this.speech);
      this.keep(at, client);
      client.connect().catch(() => {});
    }
    for (const [name, client] of this.clients) {
      if (names.has(name)) continue;
      this.channels.lostAll(client);
      this.drop(name, client);
    }
    await this.place();
    const promised = this.confirmed === null ? null : this.holderOf(this.confirmed);
    if (promised) this.mayConfirm = await hasCopy(promised).catch(() => false);
  }

  private async place(): Promise<void> {
    if (await this.channels.place((channel) => this.holderOf(channel))) this.tellReady();
  }

  private drop(name: string, client: Client): void {
    if (this.clients.get(name) === client) this.clients.delete(name);
    this.byTag.clear();
    end(client);
  }

  private tellReady(): void {
    for (const hear of this.readyHearers) hear();
  }

  private holding(key: string): Client {
    const client = this.holderOf(key);
    if (!client) throw new Error('nobody holds it');
    return client;
  }

  /** Where nothing was done because another holds it now, that one is asked, once. */
  private async orElsewhere(ask: () => Promise<unknown>): Promise<unknown> {
    try {
      return await ask();
    } catch (error) {
      const message = error instanceof Error ? error.message : '';
      if (elsewhere.test(message)) this.lookSoon();
      if (!notHere.test(message)) throw error;
      await this.look();
      return ask();
    }
  }
}
