export type Shortcut =
  'next' | 'previous' | 'take-next' | 'end' | 'interpreter' | 'phrases' | 'list';

const withAlt: Record<string, Shortcut> = {
  KeyJ: 'next',
  KeyK: 'previous',
  KeyN: 'take-next',
  KeyE: 'end',
  KeyI: 'interpreter'
};

/** What is pressed, as far as shortcuts go; a `KeyboardEvent` is one. */
export interface Press {
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly repeat: boolean;
  readonly isComposing: boolean;
  readonly code: string;
  readonly key: string;
}

/** Where the reader is when a key is pressed. */
export type Where = 'empty-composer' | 'field' | 'elsewhere';

/**
 * Letters go by their place on the keyboard, since Alt writes other letters on a Mac; signs go by what
 * they write. Ctrl with Alt is AltGr, which writes.
 */
export function shortcutOf(press: Press, where: Where): Shortcut | null {
  const { altKey, ctrlKey, metaKey, repeat, isComposing, code, key } = press;
  if (ctrlKey || metaKey || repeat || isComposing) return null;
  if (altKey) return withAlt[code] ?? null;
  if (key === '/' && where === 'empty-composer') return 'phrases';
  return key === '?' && where === 'elsewhere' ? 'list' : null;
}
