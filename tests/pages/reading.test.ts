import { describe, expect, it } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aPage } from '#tests/support/browser.ts';

const { browser, server } = await browserAndServer({
  settings: { FRIRUM_ACCESS_CONTACT: '12 34 56 78 · <hjaelp@example.dk>' }
});

const pages = ['/parents', '/professionals', '/privacy', '/was'];

describe.each(pages)('%s', (path) => {
  it('runs nothing but the way out, is the same in English, and leads to its neighbours', async () => {
    const { context, page } = await aPage(browser);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(server.origin + path, { waitUntil: 'networkidle' });
    expect(asked.filter((url) => url.endsWith('.js'))).toEqual([`${server.origin}/exit.js`]);
    await page.getByRole('link', { name: 'English' }).click();
    await page.waitForURL(`**/en${path}`);
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    for (const link of await page.locator('footer a').all()) {
      const answer = await page.request.get(server.origin + (await link.getAttribute('href')));
      expect(answer.status()).toBe(200);
    }
    await context.close();
  });
});

describe('the arc of concern', () => {
  it('points where the worst that was ticked points, by keyboard, and keeps nothing', async () => {
    const { context, page } = await aPage(browser);
    await page.goto(`${server.origin}/professionals`);
    const points = (where: string) => page.getByTestId(`arc-${where}`);
    const only = async (where: string) => {
      for (const one of ['none', 'green', 'orange', 'red'])
        expect(await points(one).isVisible(), one).toBe(one === where);
    };
    await only('none');
    const tick = async (name: string) => {
      await page.getByLabel(name).focus();
      await page.keyboard.press('Space');
    };
    await tick('Vil gerne tale om det.');
    await only('green');
    await tick('Sælger, skylder penge eller bliver truet.');
    await only('red');
    await tick('Det sker tit, eller når den unge er alene.');
    await only('red');
    await tick('Sælger, skylder penge eller bliver truet.');
    await only('orange');
    await page.keyboard.press('Enter');
    expect(new URL(page.url()).search).toBe('');
    await page.getByRole('button', { name: 'Begynd forfra' }).click();
    await only('none');
    await context.close();
  });
});

it('/was names who runs the site and whom to write to, as the settings have it', async () => {
  const { context, page } = await aPage(browser);
  await page.goto(`${server.origin}/was`);
  expect(await page.getByTestId('was-contact').textContent()).toBe(
    '12 34 56 78 · <hjaelp@example.dk>'
  );
  expect(await page.locator('main').textContent()).not.toContain('%');
  await context.close();
});
