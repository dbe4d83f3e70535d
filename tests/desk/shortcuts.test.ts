import { describe, expect, it } from 'vitest';
import { shortcutOf, type Press, type Where } from '#web/desk/shortcuts.ts';

const press = (change: Partial<Press>): Press => ({
  altKey: false,
  ctrlKey: false,
  metaKey: false,
  repeat: false,
  isComposing: false,
  code: '',
  key: '',
  ...change
});
const everywhere: readonly Where[] = ['empty-composer', 'field', 'elsewhere'];

describe('a shortcut', () => {
  it.each([
    ['KeyJ', 'next'],
    ['KeyK', 'previous'],
    ['KeyN', 'take-next'],
    ['KeyE', 'end']
  ])('Alt and %s means %s, also while writing', (code, meant) => {
    for (const where of everywhere)
      expect(shortcutOf(press({ altKey: true, code }), where)).toBe(meant);
  });

  it('Alt goes by the key, whatever it writes', () =>
    expect(shortcutOf(press({ altKey: true, code: 'KeyJ', key: '∆' }), 'field')).toBe('next'));

  it('/ opens the phrases from an empty field only', () => {
    const slash = press({ key: '/', code: 'Digit7' });
    expect(everywhere.map((where) => shortcutOf(slash, where))).toEqual(['phrases', null, null]);
  });

  it('? lists them outside fields only', () => {
    const asked = press({ key: '?', code: 'Minus' });
    expect(everywhere.map((where) => shortcutOf(asked, where))).toEqual([null, null, 'list']);
  });

  it.each([
    ['AltGr', { altKey: true, ctrlKey: true, code: 'KeyE', key: '€' }],
    ['a command of the browser', { metaKey: true, altKey: true, code: 'KeyJ' }],
    ['a key held down', { altKey: true, repeat: true, code: 'KeyN' }],
    ['a character being composed', { isComposing: true, key: '/' }],
    ['the letter alone', { code: 'KeyJ', key: 'j' }]
  ])('%s is none', (_, change) => {
    for (const where of everywhere) expect(shortcutOf(press(change), where)).toBeNull();
  });
});
