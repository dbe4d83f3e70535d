import type { DecisionKind } from '../klippekort/view.ts';

/** The words of a sheet; which are asked for follows the kind. They never leave the encryption. */
export type DecisionField =
  /** inform: what is told, to whom, by whom, when. */
  | 'what'
  | 'whom'
  | 'by-whom'
  | 'when'
  /** continue-known: how to reach each other. */
  | 'reach-visitor'
  | 'reach-counsellor'
  /** Anything both want to remember. */
  | 'note';

/** The sheet that both fill in together in the fifth conversation. */
export interface DecisionView {
  /** True in a fifth conversation, or when a card is pending. */
  readonly due: boolean;
  readonly isOpen: boolean;
  /** Under 18 parents are informed or involved; 18–24 decide without the parents' part. */
  readonly age: 'under-18' | '18-24';
  /** Which of the two fills in here. */
  readonly role: 'visitor' | 'counsellor';
  readonly kind: DecisionKind | null;
  readonly options: readonly DecisionKind[];
  readonly fields: Readonly<Partial<Record<DecisionField, string>>>;
  /** A change after a confirmation takes both confirmations back. */
  readonly confirmedByMe: boolean;
  readonly confirmedByOther: boolean;
  /** Both have confirmed, and the server knows the kind (never the words). */
  readonly isRecorded: boolean;
  readonly refusal: string | null;
  open(): void;
  close(): void;
  choose(kind: DecisionKind): void;
  write(field: DecisionField, words: string): void;
  confirm(): void;
}
