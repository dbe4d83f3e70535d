import type { Returned } from '#shared/queue/calls.ts';
import type { AgeBand, Topic, VisitorKind } from '#shared/visitor/visitor.ts';

/** A visitor's way from the choice to the conversation, as `/chat` shows it. */
export interface WaitingView {
  readonly step: 'choosing' | 'proving' | 'waiting' | 'talking';
  readonly kind: VisitorKind | null;
  readonly age: AgeBand | null;
  readonly topics: readonly Topic[];
  /** How many counsellors are on shift; null until the server has told. */
  readonly onShift: number | null;
  /** 1 is next; null until known. */
  readonly place: number | null;
  /** Whole minutes, or null: we do not know. */
  readonly estimate: number | null;
  /** Why this visitor, who was taken already, waits again; null for one who was not. */
  readonly returned: Returned | null;
  readonly connected: boolean;
  /** A named refusal with a way out, e.g. `queue-full`, `challenge-failed`, `already-open`. */
  readonly refusal: string | null;
  choose(kind: VisitorKind): void;
  chooseAge(age: AgeBand): void;
  toggleTopic(topic: Topic): void;
  start(): void;
  leave(): void;
}
