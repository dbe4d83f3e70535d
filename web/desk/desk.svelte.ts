import { certificateSigned } from '#shared/counsellor/calls.ts';
import { queueChanged, takeNext, type QueueItem } from '#shared/queue/calls.ts';
import {
  openDesk,
  setShift,
  shiftsChanged,
  type Colleague,
  type ShiftState
} from '#shared/shift/calls.ts';
import { Conversation } from '../conversation/conversation.svelte.ts';
import { begin, keep, type Kept } from '../conversation/kept.ts';
import { openPairKeys } from '../conversation/open-pair-keys.ts';
import type { Keys } from '../keys/keys.ts';
import { PhraseBook } from '../phrases/phrase-book.svelte.ts';
import { Registrations } from '../registration/registrations.ts';
import { seatOf } from '../roster/seat.ts';
import { Team, type Seat } from '../roster/team.svelte.ts';
import { Line } from '../wire/line.ts';
import { Beside } from './beside.ts';
import { Certificate } from './certified.ts';
import { ringChime } from './chime.ts';
import { movingOf } from './moving.ts';
import { OneWindow } from './one-window.svelte.ts';
import { Preferences } from './preferences.svelte.ts';
import { Talks } from './talks.svelte.ts';
import type { DeskView } from './view.ts';

const shiftKey = 'frirum-shift';
/** How often waiting is counted anew (ms). */
const tick = 5_000;

const isBooked = ({ bookedAt }: QueueItem): boolean => bookedAt !== null;

/** A counsellor's console: the queue, the shift, and the conversations of this window. */
export class Desk implements DeskView {
  #name = $state('');
  #role = $state<DeskView['role']>(null);
  #connected = $state(false);
  #shift = $state<ShiftState>('off');
  #colleagues = $state<readonly Colleague[]>([]);
  #queue = $state<readonly QueueItem[]>([]);
  #refusal = $state<string | null>(null);
  #now = $state(Date.now());
  #window = $state.raw<OneWindow | null>(null);
  readonly preferences = new Preferences();
  readonly #talks = new Talks(() => Date.now());
  readonly #line = new Line('staff');
  readonly #certificate = new Certificate(this.#line);
  readonly beside = new Beside(this.#line, () =>
    this.#role === 'counsellor' ? this.#certificate : null
  );
  readonly phrases = new PhraseBook(this.#line);
  readonly registrations = new Registrations(this.#line);
  readonly team = new Team(
    this.#line,
    () => this.#colleagues,
    (seat) => void this.#join(seat)
  );
  readonly #onSignedOut: () => void;
  readonly #ticking = setInterval(() => (this.#now = Date.now()), tick);
  readonly #stopListening: () => void;
  #taking: Promise<boolean> | null = null;
  readonly #onLeft: () => void;

  /**
   * @param onSignedOut the house ended the session; everything stays as it is until somebody is back
   * @param onLeft whoever sat here has gone
   */
  constructor(onSignedOut: () => void, onLeft: () => void) {
    this.#onSignedOut = onSignedOut;
    this.#onLeft = onLeft;
    this.#stopListening = $effect.root(() => {
      let before = 0;
      $effect(() => {
        if (this.unread > before) this.#ring();
        before = this.unread;
      });
      // Other windows hear how many conversations are open here.
      $effect(() => {
        if (this.open >= 0) this.#window?.tell();
      });
    });
    const line = this.#line;
    line.onState((isUp, refusal) => {
      this.#connected = isUp;
      if (refusal === 'not-signed-in') this.#onSignedOut();
      else if (isUp) void this.#arrive();
    });
    line.hear(queueChanged, ({ queue }) => {
      const hasCome = this.#queue.length === 0 ? queue.length > 0 : this.#bookedCame(queue);
      if (hasCome && this.#shift === 'on') this.#ring();
      this.#queue = queue;
    });
    line.hear(shiftsChanged, ({ shift, colleagues }) => {
      this.#rememberShift(shift);
      this.#colleagues = colleagues;
    });
    // The lead has signed: whoever waits may be taken now.
    line.hear(certificateSigned, () => {
      if (this.#refusal === 'certificate-awaited') this.#refusal = null;
    });
    line.open();
  }

  get name(): string {
    return this.#name;
  }
  get role(): DeskView['role'] {
    return this.#role;
  }
  get connected(): boolean {
    return this.#connected;
  }
  get shift(): ShiftState {
    return this.#shift;
  }
  get colleagues(): readonly Colleague[] {
    return this.#colleagues;
  }
  get queue(): readonly QueueItem[] {
    return this.#queue;
  }
  get talks(): DeskView['talks'] {
    return this.#talks.all;
  }
  get current(): DeskView['current'] {
    return this.#talks.current;
  }
  get open(): number {
    return this.#talks.open.length;
  }
  get unread(): number {
    return this.#talks.unread;
  }
  get now(): number {
    return this.#now;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  get window(): DeskView['window'] {
    return this.#window;
  }

  startShift(): void {
    void this.#setShift('on');
  }
  pauseShift(): void {
    void this.#setShift(this.#shift === 'paused' ? 'on' : 'paused');
  }
  stopShift(): void {
    void this.#setShift('off');
  }

  /** Pressed twice it takes one. */
  async takeNext(): Promise<boolean> {
    this.#taking ??= this.#takeNext().finally(() => {
      this.#taking = null;
      this.#window?.tell();
    });
    return this.#taking;
  }

  show(id: string): void {
    this.#talks.show(id);
  }
  step(by: 1 | -1): void {
    this.#talks.step(by);
  }
  watch(isWatched: boolean): void {
    this.#talks.watch(isWatched);
  }
  close(id: string): void {
    this.#talks.putAway(id);
  }

  signOut(): void {
    void this.#signOut();
  }

  async #arrive(): Promise<void> {
    const answer = await this.#line.ask(openDesk, {});
    if (!answer.ok) return;
    const { name, role, shift, colleagues, queue } = answer.value;
    const isFirst = this.#role === null;
    this.#name = name;
    this.#role = role;
    this.#queue = queue;
    this.#colleagues = colleagues;
    if (role !== 'counsellor') return;
    const remembered = isFirst ? sessionStorage.getItem(shiftKey) : this.#shift;
    // The server was started again and has forgotten the shift; this desk has not.
    if (shift === 'off' && (remembered === 'on' || remembered === 'paused'))
      await this.#setShift(remembered);
    else this.#rememberShift(shift);
    if (isFirst) {
      const isTaking = () => this.#taking !== null;
      this.#window = new OneWindow(movingOf(this.#talks, (kept) => this.#talk(kept), isTaking));
    }
  }

  /** Whoever has a time is heard of, however many wait. */
  #bookedCame(queue: readonly QueueItem[]): boolean {
    const known = new Set(this.#queue.filter(isBooked).map(({ id }) => id));
    return queue.some((item) => isBooked(item) && !known.has(item.id));
  }

  #ring(): void {
    if (this.preferences.sound) ringChime();
  }

  async #setShift(state: ShiftState): Promise<void> {
    const answer = await this.#line.ask(setShift, { state });
    this.#refusal = answer.ok ? null : answer.refusal;
    if (answer.ok) this.#rememberShift(state);
  }

  #rememberShift(state: ShiftState): void {
    this.#shift = state;
    sessionStorage.setItem(shiftKey, state);
  }

  async #takeNext(): Promise<boolean> {
    // The certificate comes first: without one nobody may be taken from the queue.
    const certified = await this.#certificate.certified();
    if (typeof certified === 'string') {
      this.#refusal = certified;
      return false;
    }
    const answer = await this.#line.ask(takeNext, {});
    this.#refusal = answer.ok ? null : answer.refusal;
    if (!answer.ok) return false;
    const { conversation, capability, visitor, stage } = answer.value;
    this.#talks.replace(conversation);
    const kept = begin(conversation, capability, visitor, true, stage);
    // Who went back to the queue comes again as the same conversation; what was being written is not lost.
    const earlier = this.#talks.giveWay(conversation);
    if (earlier && !earlier.isOver) earlier.handOn();
    keep(kept);
    this.#talk(kept).draft = earlier?.draft ?? '';
    return true;
  }

  #talk(kept: Kept): Conversation {
    const conversation = new Conversation({
      kept,
      party: { role: 'counsellor', name: this.#name, keyId: () => this.#certificate.keyId() },
      line: new Line('staff'),
      newLine: () => new Line('staff'),
      team: this.team,
      openKeys: (mine, invitation) => this.#openKeys(mine, invitation)
    });
    this.registrations.begin(kept);
    this.#talks.add(conversation);
    return conversation;
  }

  /** A colleague's conversation, into which this counsellor was asked. */
  async #join(given: Seat): Promise<void> {
    const { seat, way } = seatOf(given);
    (await this.#talk(seat).circled()).enter(way);
  }

  async #openKeys(kept: Kept, invitation?: Uint8Array): Promise<Keys> {
    const certified = await this.#certificate.certified();
    if (typeof certified === 'string') throw new Error(certified);
    return openPairKeys(kept, 'counsellor', invitation, certified);
  }

  async #signOut(): Promise<void> {
    if (this.open > 0) {
      this.#refusal = 'conversations-open';
      return;
    }
    if (this.#role === 'counsellor') await this.#setShift('off');
    await this.beside.close();
    await fetch('/desk/sign-out', { method: 'POST' }).catch(() => null);
    this.leave();
    this.#onLeft();
  }

  /** Somebody else sits down here, or nobody. */
  leave(): void {
    this.#line.close();
    this.#window?.close();
    this.#stopListening();
    clearInterval(this.#ticking);
    sessionStorage.removeItem(shiftKey);
  }
}
