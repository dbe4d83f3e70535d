import { askDecisionClip } from '#shared/klippekort/calls.ts';
import { holderOf } from '#shared/klippekort/rule.ts';
import { refuse } from '#shared/wire/define-call.ts';
import { serve } from '#server/wire/serve.ts';
import { answerOutcome } from './answer-outcome.ts';
import { conversationName } from './conversation-name.ts';
import type { Office } from './office.ts';
import { checkCounted, readShown } from './shown-clip.ts';

/** A pending clip for the clip of what was decided: hold and settle in one step. */
export const serveAskDecisionClip = (office: Office) =>
  serve(askDecisionClip, async ({ capability, ...showing }, from) => {
    const right = await office.readCapability(capability, from);
    if (right?.role !== 'visitor') return refuse('unknown-capability');
    if (showing.holder !== holderOf(right.visitor)) return refuse('wrong-holder');
    if (showing.stage !== 'pending') return refuse('wrong-stage');
    const shown = await readShown(office, showing);
    if (!shown) return refuse('wrong-epoch');
    const { conversation } = right;
    const checked = await checkCounted(office, shown, 'decide', conversation, conversation);
    if (checked !== 'right') return refuse(checked);
    const name = conversationName(office.secret, conversation);
    const decided = await office.clips.decide(shown.record, name);
    if (decided === 'spent' || decided === 'no-decision' || decided === 'already')
      return refuse(decided);
    return answerOutcome(office, showing, shown, decided);
  });
