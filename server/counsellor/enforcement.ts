import type { Durable } from '#server/store/durable/durable.ts';
import type { Attendance } from './attendance.ts';

/** Another process, such as `npm run team`, is noticed after this many milliseconds at most. */
const LOOK_EVERY = 500;

interface Needs {
  readonly store: Pick<Durable, 'accounts' | 'certificates' | 'changedElsewhere'>;
  readonly attendance: Attendance;
  /** The accounts that hold conversations, be they at their desks or not. */
  readonly holding: () => Iterable<string>;
  /** Gives the conversations of an account back, and signs it out. */
  readonly withdrawCounsellor: (account: string) => Promise<void>;
  /** Tells everybody, visitors as well. */
  readonly tellRevoked: (serials: string[]) => void;
  readonly teamChanged: () => void;
}

/**
 * Makes true what the store says about who may work here: sockets without a session close, conversations
 * of who is shut out are given back, and everybody hears of revoked certificates. The same for what was
 * written here and elsewhere, so a second node or the command line needs nothing more than to write.
 */
export class Enforcement {
  private readonly needs: Needs;
  /** Serials that everybody has been told of, or could read before this began. */
  private told: Set<string> | null = null;
  private last: Promise<void> = Promise.resolve();
  private isDue = true;
  private readonly looking: NodeJS.Timeout;

  constructor(needs: Needs) {
    this.needs = needs;
    void this.look();
    this.looking = setInterval(() => void this.look(), LOOK_EVERY).unref();
  }

  /** One after the other, so that nothing is told twice. */
  enforce(): Promise<void> {
    const next = this.last.then(
      () => this.once(),
      () => this.once()
    );
    this.last = next;
    return next;
  }

  close(): void {
    clearInterval(this.looking);
  }

  /** What could not be made true for want of the store stays due. */
  private async look(): Promise<void> {
    try {
      if (await this.needs.store.changedElsewhere()) this.isDue = true;
      if (!this.isDue) return;
      this.isDue = false;
      await this.enforce();
    } catch {
      this.isDue = true;
    }
  }

  private async once(): Promise<void> {
    const { store, attendance, holding, withdrawCounsellor, tellRevoked, teamChanged } = this.needs;
    const revoked = (await store.certificates.all()).filter((one) => one.revoked);
    const { told } = this;
    const isNew = told ? revoked.filter(({ serial }) => !told.has(serial)) : [];
    const shutOut = new Set(isNew.map(({ account }) => account));
    for (const account of holding())
      if ((await store.accounts.withId(account))?.state !== 'active') shutOut.add(account);
    // Before any socket closes, and before a visitor's page hears of a certificate: both are told why.
    await Promise.allSettled([...shutOut].map(withdrawCounsellor));
    for (const account of await attendance.checkAll())
      if (!shutOut.has(account) && (await store.accounts.withId(account))?.state !== 'active')
        await withdrawCounsellor(account).catch(() => {});
    this.told = new Set(revoked.map(({ serial }) => serial));
    if (isNew.length > 0) tellRevoked(isNew.map(({ serial }) => serial));
    teamChanged();
  }
}
