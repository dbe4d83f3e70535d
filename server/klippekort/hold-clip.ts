import { holdClip } from '#shared/klippekort/calls.ts';
import { holderOf } from '#shared/klippekort/rule.ts';
import { mayOpen } from '#shared/klippekort/stage.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { serve } from '#server/wire/serve.ts';
import { conversationName } from './conversation-name.ts';
import { dayOf, type Office } from './office.ts';
import { checkCounted, readShown } from './shown-clip.ts';

/** A clip for a conversation: one atomic insert, after which it is good for nothing else. */
export const serveHoldClip = (office: Office) =>
  serve(holdClip, async ({ capability, ...showing }, from) => {
    const right = await office.readCapability(capability, from);
    if (right?.role !== 'visitor') return refuse('unknown-capability');
    if (showing.holder !== holderOf(right.visitor)) return refuse('wrong-holder');
    if (!mayOpen(showing.stage)) return refuse('wrong-stage');
    const shown = await readShown(office, showing);
    if (!shown) return refuse('wrong-epoch');
    const { conversation } = right;
    const checked = await checkCounted(office, shown, 'hold', conversation, conversation);
    if (checked !== 'right') return refuse(checked);

    const held = await office.clips.hold(shown.record, {
      conversation: conversationName(office.secret, conversation),
      decides: showing.stage === 'pending',
      day: dayOf(office.clock.now())
    });
    if (held !== 'held') return refuse(held);
    office.onHeld(conversation, showing.stage);
    return accept({});
  });
