import { giveBackClip } from '#shared/klippekort/calls.ts';
import { mayOpen } from '#shared/klippekort/stage.ts';
import { refuse } from '#shared/wire/define-call.ts';
import { serve } from '#server/wire/serve.ts';
import { answerOutcome } from './answer-outcome.ts';
import type { Office } from './office.ts';
import { checkCounted, readShown } from './shown-clip.ts';

/** A clip that was shown and never taken, exchanged for a fresh one. Everybody's wrong tags are counted together: nothing says who asks. */
export const serveGiveBackClip = (office: Office) =>
  serve(giveBackClip, async ({ conversation, ...showing }) => {
    if (!mayOpen(showing.stage)) return refuse('wrong-stage');
    const shown = await readShown(office, showing);
    if (!shown) return refuse('wrong-epoch');
    const checked = await checkCounted(office, shown, 'give back', conversation, null);
    if (checked !== 'right') return refuse(checked);
    const state = await office.clips.giveBack(shown.record);
    if (state === 'spent' || state === 'open') return refuse(state);
    return answerOutcome(office, showing, shown, state);
  });
