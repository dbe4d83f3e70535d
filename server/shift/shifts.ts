import { createHash } from 'node:crypto';
import {
  shiftsChanged,
  type Colleague,
  type ColleagueId,
  type ShiftState
} from '#shared/shift/calls.ts';
import type { Clock } from '#server/clock.ts';
import type { Account } from '#server/counsellor/account.ts';
import type { ContentOf, News } from '#shared/wire/define-news.ts';
import type { Connection } from '#server/wire/connection.ts';

/** A shift whose desk is out of reach still counts for this many milliseconds. */
const deskKept = 60_000;

interface Shift {
  readonly account: Account;
  state: ShiftState;
  readonly desks: Set<Connection>;
  goneAt: number | null;
  conversations: number;
}

/** Another name for an account, for colleagues' pages: 16 bytes, the same after every restart. */
const colleagueId = ({ id }: Account): ColleagueId =>
  createHash('sha256').update('frirum colleague').update(id).digest().toString('base64url', 0, 16);

/** Who is on shift now. A desk that comes back says its state again, so a restart loses nothing. */
export class Shifts {
  private readonly byAccount = new Map<string, Shift>();
  private readonly clock: Clock;
  /** Hears that the house opened or closed. */
  onChanged: () => void = () => {};

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get onShift(): number {
    return this.present().filter(({ state }) => state === 'on').length;
  }

  /** How many conversations counsellors hold here. */
  get conversations(): number {
    return [...this.byAccount.values()].reduce((sum, shift) => sum + shift.conversations, 0);
  }

  stateOf(account: Account): ShiftState {
    return this.byAccount.get(account.id)?.state ?? 'off';
  }

  isOn(account: string): boolean {
    return this.present().some((one) => one.account.id === account && one.state === 'on');
  }

  conversationsOf(account: Account): number {
    return this.byAccount.get(account.id)?.conversations ?? 0;
  }

  openDesk(account: Account, desk: Connection): void {
    const shift = this.shiftOf(account);
    shift.desks.add(desk);
    shift.goneAt = null;
  }

  closeDesk(account: Account, desk: Connection): void {
    const shift = this.byAccount.get(account.id);
    if (!shift?.desks.delete(desk) || shift.desks.size > 0) return;
    shift.goneAt = this.clock.now();
    setTimeout(() => this.changed(), deskKept + 100).unref();
  }

  set(account: Account, state: ShiftState): void {
    this.shiftOf(account).state = state;
    this.changed();
  }

  /** The account behind the name a colleague is shown by; null when nobody of that name is on shift. */
  colleague(id: ColleagueId): Account | null {
    return this.present().find(({ account }) => colleagueId(account) === id)?.account ?? null;
  }

  /** Tells every desk of one counsellor. */
  tell<N extends News>(account: Account, news: N, content: ContentOf<N>): void {
    for (const desk of this.byAccount.get(account.id)?.desks ?? []) desk.tell(news, content);
  }

  /** Works no longer, without having been asked. */
  withdraw(account: string): void {
    const shift = this.byAccount.get(account);
    if (shift) this.set(shift.account, 'off');
  }

  /** A conversation of this counsellor came (1) or went (-1). */
  count(account: Account, step: 1 | -1): void {
    this.shiftOf(account).conversations += step;
    this.changed();
  }

  /** Who works now, and who has stopped but still holds conversations. */
  colleagues(): Colleague[] {
    return this.present().flatMap(({ account, state, conversations }) =>
      state === 'off' && conversations === 0
        ? []
        : [{ id: colleagueId(account), name: account.shownName, shift: state, conversations }]
    );
  }

  private changed(): void {
    const colleagues = this.colleagues();
    for (const { desks, state } of this.byAccount.values())
      for (const desk of desks) desk.tell(shiftsChanged, { shift: state, colleagues });
    this.onChanged();
  }

  private present(): Shift[] {
    const now = this.clock.now();
    return [...this.byAccount.values()].filter(
      ({ goneAt }) => goneAt === null || now - goneAt < deskKept
    );
  }

  private shiftOf(account: Account): Shift {
    const known = this.byAccount.get(account.id);
    if (known) return known;
    const begun = {
      account,
      state: 'off' as const,
      desks: new Set<Connection>(),
      goneAt: null,
      conversations: 0
    };
    this.byAccount.set(account.id, begun);
    return begun;
  }
}
