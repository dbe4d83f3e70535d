import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';

export const executablePath = '/usr/bin/chromium';
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
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({ executablePath, args: browserArguments });

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
