import type { Plugin } from 'vite';

const anyLanguage = 'experimentalStaticLocale = undefined';

/** Builds with the words of one language: messages and `getLocale()` are then constants. */
export function inOneLanguage(language: string): Plugin {
  return {
    name: 'frirum-in-one-language',
    enforce: 'pre',
    resolveId: {
      filter: { id: /^\.\/messages\/_index\.js$/ },
      handler(_, importer) {
        return this.resolve(`./messages/${language}.js`, importer);
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
