import { settleClip } from '#shared/klippekort/calls.ts';
import { refuse } from '#shared/wire/define-call.ts';
import { serve } from '#server/wire/serve.ts';
import { answerOutcome } from './answer-outcome.ts';
import { conversationName } from './conversation-name.ts';
import type { Office } from './office.ts';
import { outcomeOf } from './outcome.ts';
import { checkTag, readShown } from './shown-clip.ts';

/** What follows from a clip that was held: set once, answered as often as it is asked. */
export const serveSettleClip = (office: Office) =>
  serve(settleClip, async ({ conversation, ...showing }) => {
    const shown = await readShown(office, showing);
    if (!shown) return refuse('wrong-epoch');
    // Looked up before the tag is computed: what was never held is no place to guess.
    const found = await office.clips.find(shown.record.id);
    if (!found) return refuse('no-hold');
    if (Buffer.compare(found.elements, shown.record.elements) !== 0) return refuse('spent');
    const checked = await checkTag(office, shown, 'settle', conversation);
    if (checked !== 'right') return refuse('wrong-tag');
    if (found.state !== 'open') return answerOutcome(office, showing, shown, found.state);

    const name = conversationName(office.secret, conversation);
    if (found.conversation && Buffer.compare(found.conversation, name) !== 0)
      return refuse('no-hold');
    const outcome = await outcomeOf(office, conversation, showing.stage === 'pending');
    if (outcome === 'open') return refuse('open');
    const state = await office.clips.settle(shown.record.id, outcome);
    if (state === null || state === 'open') return refuse('open');
    return answerOutcome(office, showing, shown, state);
  });
