import type { Connection } from '#server/wire/connection.ts';
import type { Counsellors } from './counsellors.ts';

const lookEvery = 30_000;

/** Ties staff sockets to their session: who works stays signed in, who is signed out is cut off. */
export class Attendance {
  private readonly present = new Set<Connection>();
  private readonly counsellors: Counsellors;
  private readonly looking: NodeJS.Timeout;

  constructor(counsellors: Counsellors) {
    this.counsellors = counsellors;
    counsellors.onRevoked(({ session }) => {
      for (const connection of this.present)
        if (connection.account?.session === session) connection.hangUp();
    });
    this.looking = setInterval(() => void this.look().catch(() => {}), lookEvery).unref();
  }

  come(connection: Connection): () => void {
    this.present.add(connection);
    // The session may have ended while the socket was being let in.
    void this.checkOne(connection).catch(() => connection.hangUp());
    return () => this.present.delete(connection);
  }

  /** The sockets of one account. */
  of(account: string): readonly Connection[] {
    return [...this.present].filter((one) => one.account?.id === account);
  }

  /** Whether this account holds an open conversation: its session then idles longer. */
  isInConversation(account: string): boolean {
    return this.of(account).some(({ line }) => line !== null);
  }

  /** Cuts off every socket whose session is not there any more. @returns whose they were */
  async checkAll(): Promise<readonly string[]> {
    const cutOff: string[] = [];
    for (const connection of this.present)
      if (!(await this.checkOne(connection)) && connection.account)
        cutOff.push(connection.account.id);
    return cutOff;
  }

  close(): void {
    clearInterval(this.looking);
  }

  private async checkOne(connection: Connection): Promise<boolean> {
    const { account } = connection;
    if (!account || (await this.counsellors.isLive(account.session))) return true;
    connection.hangUp();
    return false;
  }

  private async look(): Promise<void> {
    const since = performance.now() - lookEvery;
    for (const { account, usedAt } of this.present)
      if (account && usedAt > since) await this.counsellors.stillSignedIn(account.session);
  }
}
