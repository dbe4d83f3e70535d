import { hydrate, type Component } from 'svelte';
import { languageOf } from '../words/language.ts';
import { overwriteGetLocale } from '../words/paraglide/runtime.js';

/** Wakes the page that `ScriptedPage.svelte` rendered at build time. */
export function start(page: Component): void {
  // A built script is in one language; in development one script speaks them all.
  if (import.meta.env.DEV) overwriteGetLocale(() => languageOf(location.pathname));
  const target = document.getElementById('page');
  if (target) hydrate(page, { target });
}
