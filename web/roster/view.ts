import type { Guest } from '#shared/roster/payload.ts';
import type { Language } from '#shared/visitor/visitor.ts';

export type MemberRole = 'visitor' | 'parent' | 'interpreter' | 'counsellor' | 'guest';

export interface MemberView {
  readonly id: string;
  readonly role: MemberRole;
  /** What they want to be called; null when they have not said. */
  readonly name: string | null;
  readonly isMe: boolean;
  /** False while their device is out of reach. */
  readonly isHere: boolean;
}

/** Something that happened between two messages: shown after the one with that id, null is before all. */
export interface NoteView {
  readonly id: number;
  readonly after: string | null;
  readonly kind: 'came' | 'left' | 'removed' | 'declined' | 'no-answer' | 'link-over' | 'cannot';
  readonly name: string | null;
  readonly role: MemberRole;
}

/** One of the two asks the other whether somebody may join. */
export interface ProposalView {
  readonly id: string;
  readonly who: Guest;
  readonly name: string | null;
  /** Where an interpreter is wanted because of them: the languages of who asks; empty otherwise. */
  readonly writes: readonly Language[];
  /** Asked here, and answered on the other side. */
  readonly isMine: boolean;
  /** `agreed`: what follows is on its way. */
  readonly state: 'asked' | 'agreed';
}

export interface ColleagueView {
  readonly id: string;
  readonly name: string;
  readonly shift: 'off' | 'on' | 'paused';
}

/** Who takes part in a conversation of more than two, and who may join. */
export interface CircleView {
  /** A counsellor reads here. */
  readonly isCounsellor: boolean;
  /** In the order in which they came; empty while there are two who know each other. */
  readonly members: readonly MemberView[];
  readonly notes: readonly NoteView[];
  readonly proposal: ProposalView | null;
  /** What the invited person opens; shown to both who agreed. */
  readonly link: { readonly link: string; readonly who: Guest } | null;
  /** Another may still be asked. */
  readonly mayPropose: boolean;
  /** Whoever leads the conversation can ask somebody to leave. */
  readonly mayRemove: boolean;
  /** A colleague who takes over: whether they have written, so that this counsellor may go; null when nobody does. */
  readonly handOver: { readonly name: string; readonly hasWritten: boolean } | null;
  /** Colleagues on shift; empty for everybody but a counsellor. */
  readonly colleagues: readonly ColleagueView[];
  /** What a member is called here; null: as between two. */
  called(member: string | null): string | null;
  /** @param writes where an interpreter is wanted: the languages of the counsellor who asks */
  propose(who: Guest, colleague?: ColleagueView | null, writes?: readonly Language[]): void;
  answer(yes: boolean): void;
  /** Takes back what was proposed, or the link. */
  takeBack(): void;
  remove(member: string): void;
  /** The colleague holds on: this counsellor goes. */
  letGo(): void;
}
