import type { DecisionView } from '../decision/view.ts';
import type { CircleView } from '../roster/view.ts';
import type { Topic } from '#shared/visitor/visitor.ts';

export type ConversationState = 'waiting' | 'securing' | 'open' | 'interrupted' | 'ended';
export type MessageState = 'sending' | 'sent' | 'delivered' | 'failed';

export interface MessageView {
  readonly id: string;
  readonly from: 'me' | 'other' | 'third';
  readonly text: string;
  /** Which of several wrote it, and how they are called; null while there are two. */
  readonly by: string | null;
  readonly name: string | null;
  /** Told again after a reload: nothing new. */
  readonly isTold: boolean;
  readonly state: MessageState;
}

/** What the components of a conversation show and ask for; the class behind it holds the state. */
export interface ConversationView {
  readonly state: ConversationState;
  readonly messages: readonly MessageView[];
  /** The other person's first name, told inside the encryption; null until then. */
  readonly otherName: string | null;
  readonly otherTyping: boolean;
  /** False while the other's device is out of reach (locked phone, tunnel). */
  readonly otherHere: boolean;
  /** False while our own line is down; what is written is kept and sent later. */
  readonly connected: boolean;
  /** Six digits both can compare over another channel; null until secured. */
  readonly shortCode: string | null;
  /** What the visitor said they want help with; known inside the conversation only. */
  readonly topics: readonly Topic[];
  /** How it ended: by whom; null while it has not. `lost`: no goodbye was heard. `returned`: to the queue. */
  readonly ending:
    | 'by-me'
    | 'by-other'
    | 'lost'
    | 'refused'
    | 'elsewhere'
    | 'returned'
    | 'removed'
    | 'handed-over'
    | null;
  /** The name behind `ending: 'refused'` or `'returned'`, e.g. `cannot-load`, `expired`, `counsellor-gone`. */
  readonly refusal: string | null;
  /** Messages of the other that came while this conversation was not looked at. */
  readonly unread: number;
  /** The sheet of the fifth conversation; null where nothing is decided together. */
  readonly decision: DecisionView | null;
  /** Who else takes part, and who may; null until it is asked for. */
  readonly circle: CircleView | null;
  /** Fetches what is needed to ask somebody else to join. */
  circled(): Promise<CircleView>;
  /** Where the young person said they are on their card, e.g. 3 of 5. */
  readonly shownCard: { readonly used: number; readonly limit: number } | null;
  draft: string;
  say(text: string): void;
  retry(id: string): void;
  typing(): void;
  end(): void;
}
