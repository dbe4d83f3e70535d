// @ts-check
// Lets pages of visitors open without a network. It is there only on a device whose owner keeps a card on
// it, it holds the pages themselves and nothing that was said or asked, and it goes with the card.
(() => {
  /**
   * The part of a service worker that is used; the pages' types know the window only.
   * @typedef {{ data?: unknown, request: Request, waitUntil(done: Promise<unknown>): void,
   *   respondWith(answer: Promise<Response>): void }} Happened
   * @typedef {{ skipWaiting(): Promise<void>, clients: { claim(): Promise<void> },
   *   addEventListener(name: string, hear: (event: Happened) => void): void }} Here
   */
  const here = /** @type {Here} */ (/** @type {unknown} */ (self));
  const name = 'frirum';
  const page = /^\/(?:(?:en|ar|tr)(?:\/|$))?(?:chat|card|book)?$/;
  const part = /^\/(?:_app\/immutable\/.+|exit\.js|favicon\.svg)$/;

  /** @param {Request} request @param {Response} response */
  const keep = async (request, response) => {
    if (response.ok) await (await caches.open(name)).put(request.url.replace(/#.*/, ''), response);
  };

  /** @param {Request} request */
  const pageOf = async (request) => {
    try {
      const fresh = await fetch(request);
      await keep(request, fresh.clone());
      return fresh;
    } catch (error) {
      const kept = await caches.match(request, { ignoreSearch: true });
      if (kept) return kept;
      throw error;
    }
  };

  /** @param {Request} request */
  const partOf = async (request) => {
    const kept = await caches.match(request);
    if (kept) return kept;
    const fresh = await fetch(request);
    await keep(request, fresh.clone());
    return fresh;
  };

  here.addEventListener('install', () => void here.skipWaiting());
  here.addEventListener('activate', (event) => event.waitUntil(here.clients.claim()));

  // What a page has used before this was there.
  here.addEventListener('message', (event) => {
    const paths = Array.isArray(event.data) ? event.data.map(String) : [];
    const wanted = paths.filter((path) => page.test(path) || part.test(path));
    event.waitUntil(
      (async () => {
        const cache = await caches.open(name);
        await Promise.all(wanted.map((path) => cache.add(path).catch(() => {})));
      })()
    );
  });

  here.addEventListener('fetch', (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (request.method !== 'GET' || origin !== location.origin) return;
    if (request.mode === 'navigate' && page.test(pathname)) event.respondWith(pageOf(request));
    else if (part.test(pathname)) event.respondWith(partOf(request));
  });
})();
