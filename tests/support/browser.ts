import { existsSync } from 'node:fs';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

/** With a profile on the disk, fields in the visitor's language and all that people have; and where time is measured. */
export const wholeChromium = '/usr/bin/chromium';
const withoutWindows = '/usr/bin/chromium-headless-shell';
/** The same without what nobody sees of it: a quarter less work. */
export const executablePath = existsSync(withoutWindows) ? withoutWindows : wholeChromium;
/**
 * What Playwright turns off itself (of two lists the last one counts), and the two pages that Chromium
 * loads behind the address bar of every window: they take most of a window's time, and nobody sees them.
 */
const switchedOff = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup'
];
export const browserArguments = [
  `--disable-features=${switchedOff.join(',')}`,
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync'
];

/** Debian's Chromium. It phones nobody. */
export const openBrowser = (path = executablePath): Promise<Browser> =>
  chromium.launch({ executablePath: path, args: browserArguments });

export const phone = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
export const desktop = { viewport: { width: 1440, height: 900 } };

/** A fresh browser profile; what its pages complain about ends up in `complaints`. */
export async function aPage(
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = phone
): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
  const context = await browser.newContext({
    locale: 'da-DK',
    reducedMotion: 'reduce',
    ...options
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  return { context, page, complaints };
}
