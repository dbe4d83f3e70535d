import { AsyncLocalStorage } from 'node:async_hooks';
import type { Handle } from '@sveltejs/kit/hooks';
import { directionOf, languageOf } from './words/language.ts';
import { baseLocale, overwriteGetLocale, type Locale } from './words/paraglide/runtime.js';

const rendering = new AsyncLocalStorage<Locale>();
overwriteGetLocale(() => rendering.getStore() ?? baseLocale);

/** Pages are rendered once, at build time, each in the language of its path. */
export const handle: Handle = ({ event, resolve }) => {
  const language = languageOf(event.url.pathname);
  return rendering.run(language, () =>
    resolve(event, {
      transformPageChunk: ({ html }) =>
        html.replace('%lang%', language).replace('%dir%', directionOf(language))
    })
  );
};
