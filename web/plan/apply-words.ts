import { m } from '#web/words/paraglide/messages.js';

/** What the button does that moves and cancels as proposed. */
export function applyWords(moves: readonly { readonly to: object | null }[]): string {
  const moved = moves.filter(({ to }) => to !== null).length;
  const cancelled = moves.length - moved;
  if (moved > 0 && cancelled > 0) return m.plan_apply({ moved, cancelled });
  if (moved > 0) return m.plan_apply_move({ moved });
  return cancelled > 0 ? m.plan_apply_cancel({ cancelled }) : m.plan_apply_none();
}
