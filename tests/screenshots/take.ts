// Every page in both sizes, by day and by night, and one sheet that shows them all.
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openBrowser } from '#tests/support/browser.ts';
import { ServerProcess } from '#tests/support/server-process.ts';
import { scenes } from './scenes.ts';

const folder = resolve(process.argv[2] ?? 'screenshots');
const sizes = { phone: { width: 390, height: 844 }, wide: { width: 1440, height: 900 } };
const schemes = ['light', 'dark'] as const;

mkdirSync(folder, { recursive: true });
const [browser, server] = await Promise.all([openBrowser(), ServerProcess.start()]);
const sheets: string[] = [];
try {
  for await (const { name, language, page } of scenes(browser, server)) {
    const shots: string[] = [];
    const before = page.viewportSize() ?? sizes.phone;
    for (const [size, viewport] of Object.entries(sizes)) {
      await page.setViewportSize(viewport);
      for (const colorScheme of schemes) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        const file = join(folder, `${name}-${language}-${size}-${colorScheme}.png`);
        await page.screenshot({ path: file });
        shots.push(`<img class="${size}" src="${basename(file)}" alt="">`);
      }
    }
    await page.setViewportSize(before);
    sheets.push(`<figure><figcaption>${name} · ${language}</figcaption>${shots.join('')}</figure>`);
    console.log(`${name} (${language})`);
  }
  const sheet = join(folder, 'contact-sheet.html');
  writeFileSync(
    sheet,
    `<!doctype html><meta charset="utf-8"><title>Frirum</title><style>
      body { margin: 24px; font: 16px system-ui; background: #efe7d8; }
      figure { display: flex; flex-wrap: wrap; gap: 12px; margin: 0 0 32px; }
      figcaption { flex-basis: 100%; font-weight: 700; }
      img { block-size: 300px; border-radius: 10px; box-shadow: 0 2px 12px #0003; }
    </style>${sheets.join('\n')}`
  );
  const page = await browser.newPage({ viewport: { width: 1500, height: 1000 } });
  await page.goto(pathToFileURL(sheet).href);
  await page.screenshot({ path: join(folder, 'contact-sheet.png'), fullPage: true });
  console.log(`${sheets.length} pages: ${sheet}`);
} finally {
  await browser.close();
  await server.remove();
}
