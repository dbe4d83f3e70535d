import { shellAddress } from '../wire/start-worker.ts';
import { inLanguage, languageOf } from '../words/language.ts';

/** The pages somebody without a network may want, in the language of this one. */
const pages = ['/', '/chat', '/card', '/book'];

/** From now on this device opens the pages without a network: its owner has chosen to keep a card here. */
export async function keepShell(): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  await serviceWorker.register(shellAddress());
  const { active } = await serviceWorker.ready;
  const language = languageOf(location.pathname);
  const used = performance
    .getEntriesByType('resource')
    .map(({ name }) => new URL(name))
    .filter(({ origin }) => origin === location.origin)
    .map(({ pathname }) => pathname);
  active?.postMessage([...new Set([...pages.map((page) => inLanguage(page, language)), ...used])]);
}

/** The card is gone, and with it what would have told that it was here. */
export async function dropShell(): Promise<void> {
  const { serviceWorker } = navigator;
  if (!serviceWorker) return;
  const registered = await serviceWorker.getRegistrations();
  await Promise.all(registered.map((one) => one.unregister()));
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
}
