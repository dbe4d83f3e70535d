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
  da: {
    young: 'Hej. Min mor er blevet sur over noget, hun fandt.',
    desk: 'Hej. Godt, du skrev.',
    meeting: 'Hvem ringer til skolen?'
  },
  ar: {
    young: 'مرحباً. أمي غاضبة بسبب شيء وجدته.',
    desk: 'مرحباً. جيد أنك كتبت.',
    meeting: 'من يتصل بالمدرسة؟'
  }
};

const reads = (page: Page, text: string) =>
  page.getByTestId('message').filter({ hasText: text }).waitFor();

/** Every page in Danish and Arabic, one after the other; the staff's pages in Danish. */
export async function* scenes(browser: Browser, server: ServerProcess): AsyncGenerator<Scene> {
  await plan(server, 'Mikkel', { when: { repeats: 'once', date: dateAhead(1) } });
  await plan(server, 'Mikkel', { when: { repeats: 'once', date: dateAhead(3) } });
  const place = { kind: 'house' as const, address: 'Skolevej 1' };
  await plan(server, 'Sofie', {
    when: { repeats: 'once', date: dateAhead(2) },
    offer: { purposes: ['network'], seats: 4, place, languages: ['da', 'en', 'ar'] }
  });
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
    await page.getByTestId('meanwhile').waitFor();
    yield { name: 'waiting', language, page };
    await takeNext(desk.page);
    const young = new Talk(page.locator('body'));
    await young.isState('open');
    if (language === 'ar') yield* interpreterScenes(page, desk.page);
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
    yield* meetingScenes(browser, server, language);
  }
  yield* staffScenes(browser, server);
}

/** Somebody asks for a network meeting and hands on a seat. */
async function* meetingScenes(
  browser: Browser,
  server: ServerProcess,
  language: Scene['language']
): AsyncGenerator<Scene> {
  const { context, page } = await aPage(browser);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(`${server.origin}${language === 'da' ? '' : '/ar'}/book#parent`);
  await page.getByTestId('purpose-network').click();
  const slot = page.getByTestId('slot').first();
  const isThisWeek = await slot.waitFor({ timeout: 5_000 }).then(
    () => true,
    () => false
  );
  if (!isThisWeek) await page.getByTestId('week-next').click();
  await slot.click();
  await page.getByTestId('book-confirm').click();
  await page.getByTestId('ticket-meeting').click();
  await page.locator('[data-testid=meeting][data-team=true]').waitFor();
  await page.getByTestId('meeting-seats-3').click();
  await page.getByTestId('meeting-link').first().click();
  await page.getByTestId('agenda-text').fill(texts[language].meeting);
  await page.getByTestId('agenda-add').click();
  await page.getByTestId('agenda-item').waitFor();
  yield { name: 'meeting', language, page };
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const invited = await context.newPage();
  await invited.goto(link);
  await invited.getByTestId('who-young').waitFor();
  yield { name: 'meeting-seat', language, page: invited };
  await context.close();
}

/** The counsellor does not write Arabic: what is offered, asked, and agreed. */
async function* interpreterScenes(young: Page, desk: Page): AsyncGenerator<Scene> {
  await desk.getByTestId('other-language').waitFor();
  yield { name: 'desk-interpreter', language: 'da', page: desk };
  await desk.getByTestId('invite-interpreter').click();
  await young.getByTestId('third-why').waitFor();
  yield { name: 'interpreter-asked', language: 'ar', page: young };
  await young.getByTestId('third-agree').click();
  await desk.getByTestId('invite-link').waitFor();
  yield { name: 'desk-interpreter-link', language: 'da', page: desk };
  const invited = await young.context().newPage();
  await invited.goto((await desk.getByTestId('invite-link').textContent()) ?? '');
  await invited.getByTestId('third-interprets').waitFor();
  yield { name: 'interpreter', language: 'da', page: invited };
  await invited.close();
  await desk.getByTestId('close-link').click();
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
