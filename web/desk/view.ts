import type { StaffRole } from '#shared/counsellor/role.ts';
import type { Stage } from '#shared/klippekort/stage.ts';
import type { Language, Visitor } from '#shared/visitor/visitor.ts';
import type { Team } from '../roster/team.svelte.ts';
import type { ConversationView } from '../conversation/view.ts';
import type { PhraseBook } from '../phrases/phrase-book.svelte.ts';
import type { Beside } from './beside.ts';
import type { Registrations } from '../registration/registrations.ts';

export interface QueueItemView extends Visitor {
  readonly id: string;
  /** Whole minutes waited. */
  readonly minutes: number;
  /** False while the visitor's device is out of reach; the place is kept. */
  readonly here: boolean;
  /** What the clip opens that was shown; null in a first conversation. */
  readonly stage: Stage | null;
  /** Was taken before, and came back. */
  readonly again: boolean;
  /** The start of the time they have booked (ms); null without one. */
  readonly bookedAt: number | null;
}

export interface DeskConversationView extends ConversationView {
  readonly id: string;
  readonly visitor: Visitor;
}

/** One of the conversations at the desk. */
export interface TalkView {
  readonly conversation: DeskConversationView;
  /** From 1; stays the same while the conversation is on the desk. */
  readonly number: number;
  /** When the oldest message came that is not answered yet (ms); null: nothing to answer. */
  readonly awaitsSince: number | null;
}

/** How this device's desk is set up. */
export interface PreferencesView {
  layout: 'one' | 'side';
  sound: boolean;
  shortcuts: boolean;
  isFolded(section: string): boolean;
  fold(section: string, isFolded: boolean): void;
  /** The languages that whoever sits here can write. */
  readonly writes: readonly Language[];
  write(language: Language, canWrite: boolean): void;
}

/** Whether the conversations are in this window or in another one of the same browser. */
export interface WindowView {
  readonly place: 'asking' | 'here' | 'elsewhere';
  /** How many are open in the other window. */
  readonly count: number;
  /** The other window does not answer. */
  readonly isSilent: boolean;
  bringHere(): void;
}

export interface ColleagueView {
  readonly id: string;
  readonly name: string;
  readonly shift: 'off' | 'on' | 'paused';
  readonly conversations: number;
}

/** The counsellors' console after sign-in. */
export interface DeskView {
  readonly name: string;
  /** A lead sees the queue, the shifts and the load; null until the desk is open. */
  readonly role: StaffRole | null;
  readonly connected: boolean;
  readonly shift: 'off' | 'on' | 'paused';
  readonly colleagues: readonly ColleagueView[];
  readonly queue: readonly QueueItemView[];
  readonly talks: readonly TalkView[];
  readonly current: TalkView | null;
  /** How many conversations are not over. */
  readonly open: number;
  readonly unread: number;
  /** The time that waiting is counted by (ms); moves every few seconds. */
  readonly now: number;
  /** A named refusal of the last thing asked for, e.g. `queue-empty`. */
  readonly refusal: string | null;
  readonly preferences: PreferencesView;
  readonly phrases: PhraseBook;
  readonly registrations: Pick<Registrations, 'of'>;
  readonly window: WindowView | null;
  /** What colleagues ask each other. */
  readonly team: Pick<Team, 'offers' | 'refusal' | 'answer'>;
  /** What is booked, for who is signed in; comes when it is first asked for. */
  readonly beside: Beside;
  startShift(): void;
  pauseShift(): void;
  stopShift(): void;
  /** @returns whether somebody came */
  takeNext(): Promise<boolean>;
  show(id: string): void;
  step(by: 1 | -1): void;
  /** Whether somebody is at this window now; what comes meanwhile counts as unread. */
  watch(isWatched: boolean): void;
  /** Puts an ended conversation away. */
  close(id: string): void;
  signOut(): void;
}
