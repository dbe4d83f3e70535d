import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect } from 'vitest';
import { aPage, phone } from './browser.ts';

/** Runs before anything of ours: whoever asks the visitor for something is written down. */
function watchPrompts() {
  const asked: string[] = [];
  Object.assign(window, { asked });
  const watch = (name: string, holder: object | undefined) => {
    const [method = ''] = name.split('.').slice(-1);
    if (!holder || !(method in holder)) return;
    Object.defineProperty(holder, method, {
      value: () => {
        asked.push(name);
        return Promise.reject(new Error('not now'));
      }
    });
  };
  watch('Notification.requestPermission', Notification);
  watch('geolocation.getCurrentPosition', navigator.geolocation);
  watch('geolocation.watchPosition', navigator.geolocation);
  watch('mediaDevices.getUserMedia', navigator.mediaDevices);
  watch('mediaDevices.getDisplayMedia', navigator.mediaDevices);
  watch('storage.persist', navigator.storage);
  watch('clipboard.read', navigator.clipboard);
  watch('clipboard.readText', navigator.clipboard);
  watch('serviceWorker.register', navigator.serviceWorker);
  addEventListener('beforeinstallprompt', () => asked.push('beforeinstallprompt'));
  addEventListener('securitypolicyviolation', (event) =>
    console.error(`violated ${event.violatedDirective}: ${event.blockedURI}`)
  );
}

/** Everything that leaves the browser, and what the answers to it say. */
function listen(context: BrowserContext, page: Page, origin: string) {
  const elsewhere: string[] = [];
  const told: string[] = [];
  const badAnswers: string[] = [];
  const host = new URL(origin).host;
  const note = (address: string) => {
    const url = new URL(address);
    if (!['data:', 'blob:'].includes(url.protocol) && url.host !== host) elsewhere.push(address);
  };
  context.on('request', async (request) => {
    note(request.url());
    const { referer, cookie } = await request.allHeaders();
    if (referer || cookie) told.push(`${request.url()} ${referer} ${cookie}`);
  });
  context.on('response', async (response) => {
    const headers = await response.allHeaders();
    if (headers['referrer-policy'] !== 'no-referrer' || headers['set-cookie'])
      badAnswers.push(response.url());
  });
  page.on('websocket', (socket) => note(socket.url()));
  return { elsewhere, told, badAnswers };
}

const look = (page: Page) =>
  page.evaluate(() => ({
    asked: (window as unknown as { asked: string[] }).asked,
    kept: Object.keys(localStorage),
    cookie: document.cookie,
    title: document.title,
    icons: [...document.querySelectorAll<HTMLLinkElement>('link[rel~=icon]')].map(
      ({ href }) => new URL(href).pathname
    ),
    language: document.documentElement.lang,
    direction: document.documentElement.dir,
    referrer: document.referrer,
    sizeless: [...document.querySelectorAll('img, svg, video, iframe')]
      .filter((image) => {
        const { width, height } = image.getBoundingClientRect();
        const reserved = image.hasAttribute('viewBox')
          ? true
          : image.hasAttribute('width') && image.hasAttribute('height');
        return width > 0 && height > 0 && !reserved;
      })
      .map((image) => image.outerHTML.slice(0, 80)),
    foreign: [...document.querySelectorAll<HTMLAnchorElement>('a[href]')]
      .map(({ href }) => href)
      .filter((href) => !href.startsWith(location.origin) && !href.startsWith('tel:'))
  }));

const quiet = (language: string) => ({
  asked: [],
  kept: [],
  cookie: '',
  title: 'Frirum',
  icons: ['/favicon.svg'],
  language,
  direction: language === 'ar' ? 'rtl' : 'ltr',
  referrer: '',
  sizeless: [],
  foreign: []
});

/** A page that is watched: whom it asks, what it keeps, what it wants of the visitor. */
export async function aQuietPage(
  browser: Browser,
  origin: string,
  profile: Parameters<Browser['newContext']>[0] = phone
) {
  const { context, page, complaints } = await aPage(browser, profile);
  await page.addInitScript(watchPrompts);
  const heard = listen(context, page, origin);
  /** It has told nobody anything, kept nothing, asked for nothing, and is called what it should be. */
  const isQuiet = async (language = 'da') => {
    await page.waitForLoadState('networkidle');
    expect(await look(page)).toEqual(quiet(language));
    expect(await context.cookies()).toEqual([]);
    expect(heard).toEqual({ elsewhere: [], told: [], badAnswers: [] });
    expect(complaints).toEqual([]);
  };
  return { context, page, isQuiet, complaints };
}
