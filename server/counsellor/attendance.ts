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
    return () => this.present.delete(connection);
  }

  /** Whether this account holds an open conversation: its session then idles longer. */
  isInConversation(account: string): boolean {
    return [...this.present].some((one) => one.account?.id === account && one.line !== null);
  }

  close(): void {
    clearInterval(this.looking);
  }

  private async look(): Promise<void> {
    const since = performance.now() - lookEvery;
    for (const { account, usedAt } of this.present)
      if (account && usedAt > since) await this.counsellors.stillSignedIn(account.session);
  }
}
