import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { desktop, phone } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';
import { countersIn } from './a-registration.ts';

const { browser, server } = await browserAndServer({ newHouse: true });

/** The desk, just after the visitor has ended the conversation. */
async function afterAnEnd(profile: Parameters<typeof aCounsellorAtTheDesk>[3] = desktop) {
  const young = await aYoungPerson(browser, server);
  const desk = await aCounsellorAtTheDesk(browser, server, 'mikkel', profile);
  await takeNext(desk.page);
  await Promise.all([young.talk.isState('open'), desk.talk.isState('open')]);
  await young.page.getByTestId('end-conversation').click();
  await young.page.getByTestId('end-confirm').click();
  await Promise.all([young.talk.isState('ended'), desk.talk.isState('ended')]);
  await young.context.close();
  await desk.page.getByTestId('registration').waitFor();
  return desk;
}

const isPutAway = (page: Page) =>
  expect.poll(() => page.getByTestId('desk-conversation').count(), { timeout: 10_000 }).toBe(0);
const isOn = (page: Page, chip: string) =>
  page.getByTestId(`registration-${chip}`).locator('input').isChecked();

describe('after the end', { timeout: 90_000 }, () => {
  test('what is known is filled in, and one click counts it', async () => {
    const { page, complaints } = await afterAnEnd();
    expect(await isOn(page, 'kind-young')).toBe(true);
    expect(await isOn(page, 'age-under-18')).toBe(true);
    expect(await isOn(page, 'length-under-15')).toBe(true);
    await page.getByTestId('registration-save').click();
    await isPutAway(page);
    expect(countersIn(server.data)).toEqual({
      'registered=something': 1,
      'kind=young age=under-18': 1,
      'substance=none age=under-18': 1,
      'onward=unknown': 1,
      'length=under-15': 1
    });
    expect(complaints).toEqual([]);
  });

  test('it takes fewer than twenty keys, and twenty seconds, without a mouse', async () => {
    const { page } = await afterAnEnd();
    const started = performance.now();
    let keys = 0;
    const press = async (key: string) => {
      keys += 1;
      await page.keyboard.press(key);
    };
    /** On to the next question, until it is this one. */
    const tabTo = async (name: string) => {
      for (let tabs = 0; tabs < 8; tabs += 1) {
        await press('Tab');
        const at = await page.evaluate(() =>
          document.activeElement
            ?.closest('[data-testid^=registration-]')
            ?.getAttribute('data-testid')
        );
        if (at?.startsWith(`registration-${name}`)) return;
      }
      throw new Error(`${name} cannot be reached`);
    };
    await tabTo('theme');
    await press('Space');
    for (let step = 0; step < 4; step += 1) await press('ArrowRight');
    await press('Space');
    await tabTo('substance');
    await press('ArrowRight');
    await press('ArrowRight');
    await tabTo('onward');
    await press('ArrowRight');
    await press('Enter');
    await isPutAway(page);
    expect(countersIn(server.data)).toMatchObject({
      'theme=home age=under-18': 1,
      'theme=loneliness age=under-18': 1,
      'substance=cannabis age=under-18': 1,
      'onward=continues-here': 1
    });
    expect(keys).toBeLessThan(20);
    expect(performance.now() - started).toBeLessThan(20_000);
  });

  test('a finger does it too, with the button always in view', async () => {
    const { page } = await afterAnEnd(phone);
    const save = page.getByTestId('registration-save');
    const inView = async () => {
      const box = await save.boundingBox();
      return box !== null && box.y > 0 && box.y + box.height <= phone.viewport.height;
    };
    expect(await inView()).toBe(true);
    for (const chip of ['theme-violence', 'substance-alcohol', 'onward-goes-elsewhere'])
      await page.getByTestId(`registration-${chip}`).tap();
    expect(await inView()).toBe(true);
    for (const chip of ['theme-violence', 'substance-alcohol', 'onward-goes-elsewhere'])
      expect(await isOn(page, chip)).toBe(true);
    await save.tap();
    await isPutAway(page);
    expect(countersIn(server.data)['theme=violence age=under-18']).toBe(1);
  });

  test('nothing is one click', async () => {
    const { page } = await afterAnEnd();
    await page.getByTestId('registration-nothing').click();
    await isPutAway(page);
    expect(countersIn(server.data)).toEqual({ 'registered=nothing': 1 });
  });

  test('a server that is away loses nothing of what was chosen', async () => {
    const { page } = await afterAnEnd();
    await page.getByTestId('registration-theme-money').click();
    await server.kill();
    await page.getByTestId('registration-save').click();
    await page.getByTestId('registration').getByRole('alert').waitFor();
    expect(await isOn(page, 'theme-money')).toBe(true);
    expect(await page.getByTestId('registration-save').isEnabled()).toBe(true);
    await server.start();
    // It does not know a conversation from before: that is said, and it can be put away.
    const isSaid = page.getByText('Serveren er startet igen');
    await expect
      .poll(
        async () => {
          if ((await isSaid.count()) > 0) return true;
          await page
            .getByTestId('registration-save')
            .click({ timeout: 1_000 })
            .catch(() => {});
          return (await isSaid.count()) > 0;
        },
        { timeout: 20_000, interval: 500 }
      )
      .toBe(true);
    await page.getByTestId('registration-away').click();
    await isPutAway(page);
  });

  test('it bars nobody', async () => {
    const { page } = await afterAnEnd();
    await page.emulateMedia({ reducedMotion: 'reduce' });
    for (const { viewport } of [desktop, phone])
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.setViewportSize(viewport);
        await page.emulateMedia({ colorScheme });
        const { violations } = await new AxeBuilder({ page })
          .include('[data-testid=registration]')
          .analyze();
        expect(
          violations.flatMap(({ id, nodes }) => [id, ...nodes.map((one) => one.html)])
        ).toEqual([]);
      }
  });
});
