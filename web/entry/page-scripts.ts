import { svelte } from '@sveltejs/vite-plugin-svelte';
import { build, type Plugin, type ResolvedConfig, type Rolldown } from 'vite';
import options from '../../svelte.config.js';
import { onlyWebSocket } from '../wire/only-web-socket.ts';
import { inOneLanguage } from '../words/in-one-language.ts';
import words from '../words/project.inlang/settings.json' with { type: 'json' };
import { staffLocales } from '../words/staff-locales.js';

/**
 * `import scripts from './chat.ts?page-scripts'` gives the addresses of a page's script, by language;
 * `?staff-scripts` those of a page of the staff, in the languages that the staff reads.
 * Each is one file with everything the page runs but its workers and what it imports later, and with
 * the words of that language alone: one file compresses better than a dozen. In development all are
 * the source itself.
 * @param plugins that the scripts are built with besides
 */
export function pageScripts(plugins: Plugin[] = []): Plugin {
  let config: ResolvedConfig;
  return {
    name: 'frirum-page-scripts',
    enforce: 'pre',
    configResolved(resolved) {
      config = resolved;
    },
    load: {
      filter: { id: /\?(?:page|staff)-scripts$/ },
      async handler(id) {
        const source = id.replace(/\?(?:page|staff)-scripts$/, '');
        const languages = id.endsWith('?staff-scripts') ? staffLocales : words.locales;
        const addresses: Record<string, string> = {};
        for (const language of languages) {
          addresses[language] = source.replace(config.root, '');
          if (config.command === 'serve') continue;
          for (const file of await filesOf(source, language, config, plugins)) {
            if (file.isEntry) addresses[language] = `/${file.fileName}`;
            this.emitFile({
              type: 'asset',
              fileName: file.fileName,
              source: file.source
            });
          }
        }
        return `export default ${JSON.stringify(addresses)}`;
      }
    }
  };
}

/** The script, and what it loads when it runs. */
async function filesOf(
  source: string,
  language: string,
  config: ResolvedConfig,
  plugins: Plugin[]
) {
  const folder = '_app/immutable';
  const script = `${folder}/assets/[name].${language}.[hash].js`;
  const built = await build({
    root: config.root,
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    plugins: [
      ...plugins,
      inOneLanguage(language),
      onlyWebSocket(),
      svelte({ configFile: false, compilerOptions: options.compilerOptions ?? {} })
    ],
    worker: {
      format: config.worker.format,
      rolldownOptions: {
        output: {
          entryFileNames: `${folder}/workers/[name]-[hash].js`,
          chunkFileNames: `${folder}/workers/[name]-[hash].js`
        }
      }
    },
    build: {
      write: false,
      target: config.build.target,
      modulePreload: false,
      rolldownOptions: {
        input: source,
        output: {
          entryFileNames: script,
          chunkFileNames: script,
          assetFileNames: `${folder}/assets/[name].[hash][extname]`
        }
      }
    }
  });
  const { output } = built as Rolldown.RolldownOutput;
  // The page's own styles come with the page, which Kit renders.
  const styles = output[0].viteMetadata?.importedCss ?? new Set();
  return output
    .filter(({ fileName }) => !styles.has(fileName))
    .map((file) => ({
      fileName: file.fileName,
      isEntry: file.type === 'chunk' && file.isEntry,
      source: file.type === 'chunk' ? withoutStyles(file.code, styles) : file.source
    }));
}

/**
 * What is loaded later by something that was loaded later waits for all styles it needs first, those of the
 * page among them: they are there, under another address, and to wait for them would end in nothing.
 */
const withoutStyles = (code: string, styles: ReadonlySet<string>): string =>
  [...styles]
    .reduce((text, path) => text.replaceAll(`"${path}"`, '""'), code)
    .replace('=>i.map(i=>d[i]);', '=>i.flatMap(i=>d[i]||[]);');
