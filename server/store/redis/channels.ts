import type { Client } from './client.ts';

type Hear = (bytes: Buffer) => void;

/** What is heard, and on which connection each channel is heard now. */
export class Channels {
  private readonly heard = new Map<string, Hear>();
  private readonly placed = new Map<string, Client>();

  add(channel: string, hear: Hear): void {
    this.heard.set(channel, hear);
  }

  isHeard(channel: string): boolean {
    return this.placed.has(channel);
  }

  get isWhole(): boolean {
    return this.placed.size === this.heard.size;
  }

  /** Hears each channel at who holds keys of its tag now. @returns whether one is heard that was not */
  async place(holderOf: (channel: string) => Client | null): Promise<boolean> {
    const moved = await Promise.all(
      [...this.heard].map(async ([channel, hear]) => {
        const client = holderOf(channel);
        if (!client?.isReady || this.placed.get(channel) === client) return false;
        this.placed.set(channel, client);
        try {
          await client.sSubscribe(channel, hear, true);
          return true;
        } catch {
          if (this.placed.get(channel) === client) this.placed.delete(channel);
          return false;
        }
      })
    );
    return moved.includes(true);
  }

  /** It is not heard any more where it was. */
  lost(channel: string): void {
    this.placed.delete(channel);
  }

  /** @returns whether anything was heard on that connection */
  lostAll(client: Client): boolean {
    const before = this.placed.size;
    for (const [channel, where] of this.placed) if (where === client) this.placed.delete(channel);
    return this.placed.size < before;
  }
}
