import { fileURLToPath } from 'node:url';
import type { CompilerOptions } from '@inlang/paraglide-js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** How the words become modules that everything else imports. */
export const compiling: CompilerOptions = {
  project: here('project.inlang'),
  outdir: here('paraglide'),
  strategy: ['globalVariable', 'baseLocale'],
  // `in-one-language.ts` takes one of these modules.
  outputStructure: 'locale-modules',
  emitPrettierIgnore: false,
  emitGitIgnore: false
};
