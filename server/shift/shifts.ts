import { createHash } from 'node:crypto';
import {
  shiftsChanged,
  type Colleague,
  type ColleagueId,
  type ShiftState
} from '#shared/shift/calls.ts';
import type { ContentOf, News } from '#shared/wire/define-news.ts';
import type { Clock } from '#server/clock.ts';
import type { Account } from '#server/counsellor/account.ts';
import type { Board, Neighbours, Post } from '#server/store/volatile/house.ts';
import type { Connection } from '#server/wire/connection.ts';
import { deskKept, latest, mayCount, together, type Desks } from './desks.ts';

/** Another name for an account, for colleagues' pages: 16 bytes, the same after every restart. */
const colleagueId = ({ id }: Pick<Account, 'id'>): ColleagueId =>
  createHash('sha256').update('frirum colleague').update(id).digest().toString('base64url', 0, 16);

/** The desks at this node. */
interface DesksHere {
  readonly account: Desks['account'];
  state: ShiftState;
  said: number;
  readonly connections: Set<Connection>;
  /** Milliseconds since 1970 when the last one went; null while one is open, or none ever was. */
  goneAt: number | null;
  conversations: number;
}

interface Told {
  readonly account: string;
  readonly name: string;
  readonly content: unknown;
}

/**
 * Who is on shift now. A desk that comes back says its state again, so a restart loses nothing. Each node
 * says which desks and conversations it has; the state of an account is what was said last, by a number
 * that grows with each saying, and not by anybody's clock.
 */
export class Shifts {
  private readonly byAccount = new Map<string, DesksHere>();
  /** Of nodes that are gone, as long as their desks still count. */
  private readonly left = new Map<string, { readonly desks: Desks; readonly goneAt: number }>();
  private before: readonly Desks[] = [];
  private readonly clock: Clock;
  private readonly board: Board<readonly Desks[]>;
  private readonly post: Post<Told>;
  private told = '';
  /** Hears that the house opened or closed. */
  onChanged: () => void = () => {};

  constructor(clock: Clock, neighbours: Neighbours) {
    this.clock = clock;
    this.board = neighbours.board('shifts', () => this.othersChanged());
    this.post = neighbours.post('desks', ({ account, name, content }) => {
      for (const { socket } of this.desksOf(account)) socket.emit(name, content);
    });
  }

  get onShift(): number {
    return this.accountsOn().length;
  }

  /** How many conversations counsellors hold here. */
  get conversations(): number {
    return [...this.byAccount.values()].reduce((sum, { conversations }) => sum + conversations, 0);
  }

  /** The accounts that are on shift. */
  accountsOn(): string[] {
    return this.present()
      .filter(({ state }) => state === 'on')
      .map(({ account }) => account.id);
  }

  stateOf({ id }: Account): ShiftState {
    return latest(this.all(id))?.state ?? 'off';
  }

  isOn(account: string): boolean {
    return this.accountsOn().includes(account);
  }

  conversationsOf({ id }: Pick<Account, 'id'>): number {
    return this.all(id).reduce((sum, { conversations }) => sum + conversations, 0);
  }

  openDesk(account: Account, desk: Connection): void {
    const desks = this.desksHere(account);
    desks.connections.add(desk);
    desks.goneAt = null;
    this.say();
  }

  closeDesk(account: Account, desk: Connection): void {
    const desks = this.byAccount.get(account.id);
    if (!desks?.connections.delete(desk)) return;
    if (desks.connections.size === 0) {
      desks.goneAt = this.clock.now();
      setTimeout(() => this.changed(), deskKept + 100).unref();
    }
    this.say();
  }

  set(account: Account, state: ShiftState): void {
    const desks = this.desksHere(account);
    desks.said = (latest(this.all(account.id))?.said ?? 0) + 1;
    desks.state = state;
    this.changed();
  }

  /** The account behind the name a colleague is shown by; null when nobody of that name is on shift. */
  colleague(id: ColleagueId): Desks['account'] | null {
    return this.present().find(({ account }) => colleagueId(account) === id)?.account ?? null;
  }

  /** Tells every desk of one counsellor. */
  tell<N extends News>({ id }: Pick<Account, 'id'>, news: N, content: ContentOf<N>): void {
    for (const desk of this.desksOf(id)) desk.tell(news, content);
    this.post.tell({ account: id, name: news.name, content });
  }

  /** Works no longer, without having been asked. */
  withdraw(account: string): void {
    const known = this.all(account)[0];
    if (known) this.set({ ...known.account, session: '' }, 'off');
  }

  /** A conversation of this counsellor came (1) or went (-1). */
  count(account: Account, step: 1 | -1): void {
    this.desksHere(account).conversations += step;
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

  private desksOf(account: string): Iterable<Connection> {
    return this.byAccount.get(account)?.connections ?? [];
  }

  private changed(): void {
    this.say();
    this.tellDesks();
  }

  private tellDesks(): void {
    const colleagues = this.colleagues();
    for (const { connections, account } of this.byAccount.values()) {
      const shift = latest(this.all(account.id))?.state ?? 'off';
      for (const desk of connections) desk.tell(shiftsChanged, { shift, colleagues });
    }
    this.told = JSON.stringify(colleagues);
    this.onChanged();
  }

  private say(): void {
    this.board.say(this.here());
  }

  /** What a node that is gone had open counts on, as a desk that is out of reach does. */
  private othersChanged(): void {
    const now = this.board.others().flat();
    const isStillSaid = ({ account }: Desks) => now.some((one) => one.account.id === account.id);
    for (const desks of this.before)
      if (desks.open > 0 && !isStillSaid(desks)) {
        const goneAt = this.clock.now();
        this.left.set(desks.account.id, { desks: { ...desks, open: 0, conversations: 0 }, goneAt });
        setTimeout(() => this.tellDesks(), deskKept + 100).unref();
      }
    for (const { account, open } of now) if (open > 0) this.left.delete(account.id);
    this.before = now;
    if (JSON.stringify(this.colleagues()) !== this.told) this.tellDesks();
  }

  /** What is known of an account, here and at other nodes. */
  private all(id: string): Desks[] {
    return this.everything().filter(({ account }) => account.id === id);
  }

  private everything(): Desks[] {
    const now = this.clock.now();
    const left = [...this.left.values()].map(({ desks, goneAt }) => ({
      ...desks,
      counts: mayCount(desks, goneAt, now)
    }));
    return [...this.here(), ...this.board.others().flat(), ...left];
  }

  private here(): Desks[] {
    const now = this.clock.now();
    return [...this.byAccount.values()].map(({ connections, goneAt, ...desks }) => {
      const facts = { ...desks, open: connections.size };
      return { ...facts, counts: mayCount(facts, goneAt, now) };
    });
  }

  private present(): Desks[] {
    return together(this.everything()).filter(({ counts }) => counts);
  }

  private desksHere({ id, shownName, name, role }: Account): DesksHere {
    const known = this.byAccount.get(id);
    if (known) return known;
    const begun = {
      account: { id, shownName, name, role },
      state: 'off' as const,
      said: 0,
      connections: new Set<Connection>(),
      goneAt: null,
      conversations: 0
    };
    this.byAccount.set(id, begun);
    return begun;
  }
}
