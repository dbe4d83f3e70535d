import type { Stage } from '#shared/klippekort/stage.ts';
import { m } from '#web/words/paraglide/messages.js';

/** What a clip opens, as the desk says it: never a number. */
export function stageName(stage: Stage): string {
  if (stage === 'ordinary') return m.desk_stage_ordinary();
  if (stage === 'fifth') return m.desk_stage_fifth();
  return stage === 'decision-involve' ? m.desk_stage_involve() : m.desk_stage_pending();
}
