import { globSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import words from '../../web/words/project.inlang/settings.json' with { type: 'json' };

const build = fileURLToPath(new URL('../../build', import.meta.url));

export interface BuiltPage {
  /** As it is asked for: `/`, `/en/chat`. */
  readonly path: string;
  /** The same in every language: `/chat`. */
  readonly name: string;
  readonly language: string;
  readonly isStaff: boolean;
}

/** Every page that was built, in every language: one that is added is among them without a word here. */
export const builtPages: readonly BuiltPage[] = globSync('**/*.html', { cwd: build })
  .toSorted()
  .map((file) => {
    const path = `/${file.replace(/\.html$/, '')}`.replace(/^\/index$/, '/');
    const first = path.split('/')[1] ?? '';
    const language = words.locales.includes(first) ? first : words.baseLocale;
    const name = path.replace(new RegExp(`^/${language}(?=/|$)`), '') || '/';
    return { path, name, language, isStaff: name.startsWith('/desk') };
  });
