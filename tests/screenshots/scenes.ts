import type { Browser, Page } from 'playwright-core';
import { aPage } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, Talk, takeNext } from '#tests/support/journey.ts';
import { dateAhead, plan } from '#tests/support/planned.ts';
import type { ServerProcess } from '#tests/support/server-process.ts';

export interface Scene {
  readonly name: string;
  readonly language: 'da' | 'ar';
  readonly page: Page;
}

/** Pages that are read, and the first step of those that are used. */
const plain = ['/', '/parents', '/professionals', '/privacy', '/was', '/book', '/write', '/card'];
const texts = {
  da: { young: 'Hej. Min mor er blevet sur over noget, hun fandt.', desk: 'Hej. Godt, du skrev.' },
  ar: { young: 'مرحباً. أمي غاضبة بسبب شيء وجدته.', desk: 'مرحباً. جيد أنك كتبت.' }
};

const reads = (page: Page, text: string) =>
  page.getByTestId('message').filter({ hasText: text }).waitFor();

/** Every page in Danish and Arabic, one after the other; the staff's pages in Danish. */
export async function* scenes(browser: Browser, server: ServerProcess): AsyncGenerator<Scene> {
  await plan(server, 'Mikkel', { when: { repeats: 'once', date: dateAhead(1) } });
  await plan(server, 'Mikkel', { when: { repeats: 'once', date: dateAhead(3) } });
  const desk = await aCounsellorAtTheDesk(browser, server);
  for (const language of ['da', 'ar'] as const) {
    const prefix = language === 'da' ? '' : '/ar';
    const { context, page } = await aPage(browser);
    for (const path of plain) {
      const name = path === '/' ? 'door' : path.slice(1);
      await page.goto(server.origin + (prefix + path || '/'), { waitUntil: 'networkidle' });
      yield { name, language, page };
    }
    await page.goto(`${server.origin}${prefix}/chat#young`);
    await page.getByTestId('age-under-18').click();
    yield { name: 'choosing', language, page };
    await page.getByTestId('start-chat').click();
    await page.getByTestId('queue-position').waitFor();
    yield { name: 'waiting', language, page };
    await takeNext(desk.page);
    const young = new Talk(page.locator('body'));
    await young.isState('open');
    await young.say(texts[language].young);
    await reads(desk.page, texts[language].young);
    await desk.talk.say(texts[language].desk);
    await reads(page, texts[language].desk);
    yield { name: 'conversation', language, page };
    if (language === 'da') yield { name: 'desk', language, page: desk.page };
    await page.getByTestId('end-conversation').click();
    await page.getByTestId('end-confirm').click();
    await young.isState('ended');
    yield { name: 'ended', language, page };
    if (language === 'da') {
      await desk.page.getByTestId('registration').waitFor();
      yield { name: 'desk-registration', language, page: desk.page };
    }
    await context.close();
  }
  yield* staffScenes(browser, server);
}

async function* staffScenes(browser: Browser, server: ServerProcess): AsyncGenerator<Scene> {
  const { page } = await aPage(browser);
  const language = 'da';
  await page.goto(`${server.origin}/desk`);
  yield { name: 'sign-in', language, page };
  await page.getByTestId('sign-in-name').fill('karen');
  await page.getByTestId('sign-in-password').fill(server.password('karen'));
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('sign-in-submit').waitFor({ state: 'detached' });
  yield { name: 'desk-lead', language, page };
  for (const path of ['/desk/team', '/desk/shifts']) {
    await page.goto(server.origin + path, { waitUntil: 'networkidle' });
    yield { name: path.slice(1).replace('/', '-'), language, page };
  }
  await page.goto(`${server.origin}/ingen`);
  yield { name: 'not-found', language, page };
}
