import adapter from '@sveltejs/adapter-static';
import words from './web/words/project.inlang/settings.json' with { type: 'json' };
import { staffLocales } from './web/words/staff-locales.js';

const build = new URL('build', import.meta.url).pathname;

const visitorPages = [
  '',
  '/chat',
  '/book',
  '/write',
  '/meeting',
  '/card',
  '/parents',
  '/professionals',
  '/privacy',
  '/was'
];
const staffPages = ['/desk', '/desk/team', '/desk/shifts', '/desk/invitation'];

/**
 * The paths of pages in some languages: Danish without a prefix.
 * @param {readonly string[]} pages
 * @param {readonly string[]} languages
 */
const inEach = (pages, languages) =>
  pages.flatMap((page) =>
    languages.map((language) =>
      language === words.baseLocale ? page || '/' : `/${language}${page}`
    )
  );

/**
 * The front end's options. Vite's root is `web/`; `web/vite.config.ts` hands these to Kit.
 * @type {import('@sveltejs/kit/vite').Config}
 */
export default {
  adapter: adapter({ pages: build, assets: build, precompress: true, strict: true }),
  compilerOptions: {
    runes: true,
    // Less than half of the usual length: what a script carries is counted. No two are the same.
    cssHash: ({ hash, filename }) => `s${hash(filename).slice(0, 5)}`
  },
  files: { src: '.', assets: 'static' },
  paths: { relative: false },
  // On a slow line two dozen small files are seconds: a page brings all its styles itself.
  inlineStyleThreshold: Number.MAX_SAFE_INTEGER,
  version: { name: 'frirum', pollInterval: 0 },
  // `/chat#young` is read by a script: if an element had that name, browsers would move the focus to it.
  prerender: {
    handleMissingId: 'ignore',
    entries: [...inEach(visitorPages, words.locales), ...inEach(staffPages, staffLocales)].concat(
      '/404'
    )
  }
};
