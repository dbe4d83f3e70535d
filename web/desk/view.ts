import type { Stage } from '#shared/klippekort/stage.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import type { ConversationView } from '../conversation/view.ts';

export interface QueueItemView extends Visitor {
  readonly id: string;
  /** Whole minutes waited. */
  readonly minutes: number;
  /** False while the visitor's device is out of reach; the place is kept. */
  readonly here: boolean;
  /** What the clip opens that was shown; null in a first conversation. */
  readonly stage: Stage | null;
}

export interface DeskConversationView extends ConversationView {
  readonly id: string;
  readonly visitor: Visitor;
}

/** The counsellors' console after sign-in. */
export interface DeskView {
  readonly name: string;
  readonly connected: boolean;
  readonly shift: 'off' | 'on' | 'paused';
  readonly colleagues: readonly {
    name: string;
    shift: 'off' | 'on' | 'paused';
    conversations: number;
  }[];
  readonly queue: readonly QueueItemView[];
  readonly conversations: readonly DeskConversationView[];
  readonly current: DeskConversationView | null;
  /** A named refusal of the last thing asked for, e.g. `queue-empty`. */
  readonly refusal: string | null;
  startShift(): void;
  pauseShift(): void;
  stopShift(): void;
  takeNext(): void;
  show(id: string): void;
  /** Puts an ended conversation away. */
  close(id: string): void;
  signOut(): void;
}
