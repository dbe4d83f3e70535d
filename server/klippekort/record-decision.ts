import { recordDecision } from '#shared/klippekort/calls.ts';
import { holderOf, mayDecide } from '#shared/klippekort/rule.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { serve } from '#server/wire/serve.ts';
import { conversationName } from './conversation-name.ts';
import { dayOf, type Office } from './office.ts';

/** The kind of decision, from both; the words stay inside the encryption. */
export const serveRecordDecision = (office: Office) =>
  serve(recordDecision, async ({ capability, decision }, from) => {
    const right = await office.readCapability(capability, from);
    if (!right) return refuse('unknown-capability');
    const { conversation, role, visitor } = right;
    if (!mayDecide(office.rule, holderOf(visitor), decision)) return refuse('wrong-decision');
    if ((await office.tookPlace(conversation)) !== 'took-place') return refuse('not-held');
    const name = conversationName(office.secret, conversation);
    const said = await office.clips.say(name, role, decision, dayOf(office.clock.now()));
    return said === 'already' ? refuse('already') : accept({ agreed: said });
  });
