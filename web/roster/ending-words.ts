import { m } from '#web/words/paraglide/messages.js';
import type { ConversationView } from '../conversation/view.ts';

/** What is said when a conversation of more than two is over for this reader; null: as between two. */
export function endingWords(
  { ending, refusal }: Pick<ConversationView, 'ending' | 'refusal'>,
  party: 'visitor' | 'counsellor' | 'third'
): { title: string; text: string } | null {
  if (ending === 'removed') return { title: m.third_removed_me(), text: m.third_removed_me_more() };
  if (ending === 'handed-over') return { title: m.handover_done(), text: m.handover_done_more() };
  if (ending === 'by-other') return { title: m.third_ended(), text: m.ended_gone() };
  if (ending === 'by-me' && party === 'third')
    return { title: m.third_left_me(), text: m.third_left_me_more() };
  if (refusal === 'forked-roster' || refusal === 'another-counsellor')
    return { title: m.third_forked(), text: m.third_forked_more() };
  return null;
}
