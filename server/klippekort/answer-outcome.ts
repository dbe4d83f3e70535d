import { fromEvaluation } from '#shared/klippekort/card-bytes.ts';
import { stageAfter, type Outcome, type Stage } from '#shared/klippekort/stage.ts';
import { accept } from '#shared/wire/define-call.ts';
import { fieldsOf, type Office } from './office.ts';
import type { Showing, ShownClip } from './shown-clip.ts';

/**
 * What the holder gets for an outcome: one of the two elements, evaluated. Nothing of it is kept, because
 * it comes out the same every time.
 */
export async function answerOutcome(
  office: Office,
  { holder, stage, epoch }: Showing & { readonly stage: Stage },
  { secretKey, blindedNext, blindedRefund }: ShownClip,
  outcome: Outcome
) {
  const after = stageAfter(stage, outcome);
  if (!after) return accept({ outcome, evaluation: null });
  const fields = fieldsOf(office, { holder, stage: after, epoch });
  const blinded = [outcome === 'did-not' ? blindedRefund : blindedNext];
  const evaluation = await office.evaluator.evaluate({ secretKey, fields, blinded });
  if (!evaluation) throw new Error('an element that was checked is none');
  return accept({ outcome, evaluation: fromEvaluation(evaluation) });
}
