import { tick } from 'svelte';

/** The name of a conversation's place on the page. */
export const placeOf = (id: string): string => `talk-${id}`;

export const composerIn = (id: string | undefined): HTMLTextAreaElement | null =>
  id === undefined
    ? null
    : (document
        .getElementById(placeOf(id))
        ?.querySelector<HTMLTextAreaElement>('textarea[data-testid=composer]') ?? null);

/** Puts the reader where they write; where a finger would bring up a keyboard, into the conversation. */
export async function focusTalk(id: string | undefined): Promise<void> {
  await tick();
  if (id === undefined) return;
  const composer = composerIn(id);
  const byTouch = matchMedia('(hover: none)').matches;
  const place = document.getElementById(placeOf(id));
  const target = composer && !byTouch ? composer : place;
  target?.focus({ preventScroll: true });
}

/** Where in the page a key is pressed, as far as shortcuts care. */
export function whereIs(target: EventTarget | null): 'empty-composer' | 'field' | 'elsewhere' {
  if (!(target instanceof HTMLElement)) return 'elsewhere';
  if (target instanceof HTMLTextAreaElement && target.dataset['testid'] === 'composer')
    return target.value === '' ? 'empty-composer' : 'field';
  return target.matches('input:not([type=checkbox], [type=radio]), textarea, select') ||
    target.isContentEditable
    ? 'field'
    : 'elsewhere';
}
