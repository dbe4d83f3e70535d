import type { Topic } from '#shared/visitor/visitor.ts';
import type { Keys } from '../keys/keys.ts';
import type { Team } from '../roster/team.svelte.ts';
import type { Line } from '../wire/line.ts';
import type { Kept } from './kept.ts';
import type { ConversationView } from './view.ts';

/** Who takes part from here, and what they say first. */
export type Party =
  | { readonly role: 'visitor'; readonly topics: readonly Topic[] }
  | {
      readonly role: 'counsellor';
      readonly name: string;
      /** The name of this counsellor's certified key, 16 bytes; null when there is no certificate. */
      readonly keyId: () => Promise<Uint8Array | null>;
    }
  | { readonly role: 'third'; readonly name: string };

export interface ConversationParts {
  readonly kept: Kept;
  readonly party: Party;
  /** The line of the first pair; for one who came later the line that calls about the conversation are asked on. */
  readonly line: Line;
  /** A further line, for a pair of its own. */
  readonly newLine: () => Line;
  /** Opens the worker that holds the keys of a pair; rejects with a name when it cannot. */
  readonly openKeys: (kept: Kept, invitation?: Uint8Array) => Promise<Keys>;
  /** A counsellor's colleagues, who can be asked to join. */
  readonly team?: Pick<Team, 'colleagues' | 'answerTo' | 'forget'>;
  /** Both have written. */
  readonly onTookPlace?: () => void;
  /** Both have decided, and the server knows the kind. */
  readonly onDecided?: () => void;
  readonly onOver?: (ending: ConversationView['ending']) => void;
}
