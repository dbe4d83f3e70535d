import { readFileSync } from 'node:fs';
import type { Plugin } from 'vite';

const anyLanguage = 'experimentalStaticLocale = undefined';
const aMessage = /^export const ([a-z\d]+)_?\w* = [\s\S]*?^};$/gm;
const mark = '\0words:';

/**
 * Builds with the words of one language: messages and `getLocale()` are then constants. What begins with
 * the same word is a module of its own, so that words which only a later part of a page says come with it.
 */
export function inOneLanguage(language: string): Plugin {
  /** The messages, by the word that their names begin with. */
  const modules = new Map<string, string>();
  return {
    name: 'frirum-in-one-language',
    enforce: 'pre',
    resolveId: {
      filter: { id: /^\.\/messages\/_index\.js$|^\0words:/ },
      async handler(id, importer) {
        if (id.startsWith(mark)) return id;
        const file = await this.resolve(`./messages/${language}.js`, importer);
        if (!file) this.error(`there are no words in ${language}`);
        const words = readFileSync(file.id, 'utf8');
        const messages = [...words.matchAll(aMessage)];
        if (messages.length !== words.split('\nexport const ').length - 1)
          this.error('paraglide writes its messages in another way');
        modules.clear();
        for (const [code, first = ''] of messages)
          modules.set(first, `${modules.get(first) ?? ''}${code}\n`);
        return `${mark}all`;
      }
    },
    load: {
      filter: { id: /^\0words:/ },
      handler(id) {
        const name = id.slice(mark.length);
        const code =
          name === 'all'
            ? [...modules.keys()].map((first) => `export * from '${mark}${first}';`).join('\n')
            : modules.get(name);
        return { code: code ?? '', moduleSideEffects: false };
      }
    },
    transform: {
      filter: { id: /\/paraglide\/runtime\.js$/ },
      handler(code) {
        if (!code.includes(anyLanguage)) this.error('paraglide says its language in another way');
        return code.replace(anyLanguage, anyLanguage.replace('undefined', `'${language}'`));
      }
    }
  };
}
