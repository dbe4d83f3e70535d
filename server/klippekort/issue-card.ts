import { elementsHash } from '#shared/crypto/clip-info.ts';
import { fromEvaluation, toBytes } from '#shared/klippekort/card-bytes.ts';
import { issueCard } from '#shared/klippekort/calls.ts';
import { holderOf, holdsCard, ordinaryClips } from '#shared/klippekort/rule.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { serve } from '#server/wire/serve.ts';
import { conversationName } from './conversation-name.ts';
import { dayOf, fieldsOf, type Office } from './office.ts';

/** A card, once in a conversation that took place without a clip. */
export const serveIssueCard = (office: Office) =>
  serve(issueCard, async ({ capability, epoch, ordinary, fifth }, from) => {
    const { clips, secret, clock, rule, evaluator } = office;
    const right = await office.readCapability(capability, from);
    if (right?.role !== 'visitor') return refuse('unknown-capability');
    const holder = holderOf(right.visitor);
    if (!holdsCard(rule, holder)) return refuse('no-card');
    if (ordinary.length !== ordinaryClips(rule)) return refuse('wrong-count');
    const secretKey = await office.keys.secretOf(epoch);
    if (!secretKey) return refuse('wrong-epoch');

    const name = conversationName(secret, right.conversation);
    const elements = [...ordinary, fifth].map(toBytes);
    const hash = elementsHash(...elements);
    const issued = await clips.issuedIn(name);
    if (issued && (issued === 'none' || Buffer.compare(issued, hash) !== 0))
      return refuse('already');
    if (!issued && (await office.tookPlace(right.conversation)) !== 'took-place')
      return refuse('not-held');

    const [cut, last] = await Promise.all(
      (['ordinary', 'fifth'] as const).map((stage) =>
        evaluator.evaluate({
          secretKey,
          fields: fieldsOf(office, { holder, stage, epoch }),
          blinded: stage === 'fifth' ? elements.slice(-1) : elements.slice(0, -1)
        })
      )
    );
    if (!cut || !last) return refuse('malformed-element');
    if ((await clips.issue(name, hash, dayOf(clock.now()))) === 'already') return refuse('already');
    return accept({ ordinary: fromEvaluation(cut), fifth: fromEvaluation(last) });
  });
