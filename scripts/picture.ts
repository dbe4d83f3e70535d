// Makes docs/conversation.png: both sides of one conversation, from the running product.
import { mkdirSync } from 'node:fs';
import { desktop, openBrowser, phone } from '#tests/support/browser.ts';
import { aCounsellorAtTheDesk, aYoungPerson, takeNext } from '#tests/support/journey.ts';
import { ServerProcess } from '#tests/support/server-process.ts';

const words = [
  ['u', 'hej'],
  ['u', 'min far fandt noget i min jakke. han råbte bare'],
  ['r', 'Hej. Det lyder som en hård aften. Er du tryg, der hvor du er nu?'],
  ['u', 'ja. på mit værelse'],
  ['r', 'Godt. Du bestemmer, hvad vi taler om. Hvad fylder mest lige nu?'],
  ['u', 'at han ikke spørger 😕 han bliver bare høj'],
  ['r', 'Har der været en dag, hvor han spurgte?']
] as const;

const server = await ServerProcess.start();
const browser = await openBrowser();
const young = await aYoungPerson(browser, server, { ...phone, deviceScaleFactor: 2 });
const desk = await aCounsellorAtTheDesk(browser, server, 'mikkel', {
  ...desktop,
  viewport: { width: 1280, height: 844 },
  deviceScaleFactor: 2
});
await takeNext(desk.page);
await young.talk.isState('open');
await aYoungPerson(browser, server);
for (const [by, text] of words) await (by === 'u' ? young : desk).talk.say(text);
for (const { page } of [young, desk]) {
  await page
    .locator('[data-testid=message]')
    .nth(words.length - 1)
    .waitFor();
  await page.locator('[data-delivered]').last().waitFor();
}
const [left, right] = await Promise.all(
  [young, desk].map(async ({ page }) => (await page.screenshot()).toString('base64'))
);
const frame = await browser.newPage({ viewport: { width: 1800, height: 940 } });
await frame.setContent(`<style>
  body { margin: 0; padding: 48px; display: flex; gap: 40px; background: #d9ded9 }
  img { height: 844px; border-radius: 28px; box-shadow: 0 18px 50px #0f1a1d33 }
</style><img src="data:image/png;base64,${left}"><img src="data:image/png;base64,${right}">`);
mkdirSync('docs', { recursive: true });
await frame.screenshot({ path: 'docs/conversation.png' });
await browser.close();
await server.remove();
