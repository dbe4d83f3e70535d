import { m } from '#web/words/paraglide/messages.js';
import type { IconName } from '../design/Icon.svelte';
import type { HeldTicket } from './held-ticket.svelte.ts';

/** What a ticket says of the clip it has or had. */
export function clipWords({ kept, seen }: HeldTicket): { icon: IconName; text: string } {
  if (kept.came === 'used') return { icon: 'checks', text: m.day_clip_used() };
  if (kept.came === 'back') return { icon: 'retry', text: m.day_clip_back() };
  if (kept.came === 'card') return { icon: 'seal', text: m.day_clip_card() };
  return {
    icon: 'device',
    text: seen?.secondTryUntil ? m.day_clip_waits() : m.day_clip_here()
  };
}
