import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { aPage, openBrowser } from '#tests/support/browser.ts';
import { ServerProcess } from '#tests/support/server-process.ts';
import { goTo, languages, stages } from '#tests/support/visitor-pages.ts';

let browser: Browser;
let server: ServerProcess;
beforeAll(async () => {
  [browser, server] = await Promise.all([openBrowser(), ServerProcess.start()]);
});
afterAll(async () => {
  await browser.close();
  await server.remove();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

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
function listen(context: BrowserContext, page: Page) {
  const elsewhere: string[] = [];
  const told: string[] = [];
  const badAnswers: string[] = [];
  const host = new URL(server.origin).host;
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
  language,
  direction: 'ltr',
  referrer: '',
  sizeless: [],
  foreign: []
});

async function aQuietPage() {
  const { context, page, complaints } = await aPage(browser);
  await page.addInitScript(watchPrompts);
  const heard = listen(context, page);
  const isQuiet = async (language = 'da') => {
    await page.waitForLoadState('networkidle');
    expect(await look(page)).toEqual(quiet(language));
    expect(await context.cookies()).toEqual([]);
    expect(heard).toEqual({ elsewhere: [], told: [], badAnswers: [] });
    expect(complaints).toEqual([]);
  };
  return { page, isQuiet, complaints };
}

it.each(stages.flatMap((stage) => languages.map((language) => ({ stage, language }))))(
  '$stage ($language) tells nobody anything, keeps nothing, asks for nothing',
  async ({ stage, language }) => {
    const { page, isQuiet } = await aQuietPage();
    await goTo(page, server.origin, stage, language);
    await isQuiet(language);
  }
);

it('neither does what somebody does before anybody answers', async () => {
  const { page, isQuiet } = await aQuietPage();
  await page.goto(`${server.origin}/chat`);
  for (const kind of ['parent', 'professional', 'young']) {
    await page.getByTestId(`who-${kind}`).click();
    await isQuiet();
  }
  await page.getByTestId('age-18-24').click();
  await page.getByTestId('composer').fill('noget, jeg ikke har sagt til nogen');
  await page.getByTestId('start-chat').click();
  await page.getByTestId('queue-position').waitFor();
  await page.reload();
  await page.getByTestId('queue-position').waitFor();
  await isQuiet();
  await page.getByTestId('leave-queue').click();
  await page.getByTestId('start-chat').waitFor();
  await isQuiet();
});

it('nor does the desk before somebody has signed in', async () => {
  const { page, isQuiet, complaints } = await aQuietPage();
  await page.goto(`${server.origin}/desk`);
  await isQuiet();
  await page.getByTestId('sign-in-name').fill('mikkel');
  await page.getByTestId('sign-in-password').fill('det er ikke den rigtige');
  await page.getByTestId('sign-in-submit').click();
  await page.getByRole('alert').waitFor();
  // Browsers report every refused request.
  expect(complaints.splice(0)).toEqual([expect.stringContaining('401')]);
  await isQuiet();
});
