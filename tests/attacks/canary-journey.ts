import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { browserArguments, desktop, phone, wholeChromium } from '#tests/support/browser.ts';
import { aCanary, type Canary, type Haystack } from '#tests/support/canary.ts';
import { takeNext, Talk } from '#tests/support/journey.ts';
import { agreeOnLink, areThere } from '#tests/roster/people.ts';
import type { ServerProcess } from '#tests/support/server-process.ts';
import { WireTap } from '#tests/support/wire-tap.ts';

/** What only the two may ever read. */
export const said = {
  ascii: aCanary('said in ascii'),
  danish: aCanary('said in danish', 'danish'),
  arabic: aCanary('said in arabic', 'arabic'),
  third: aCanary('said by a third'),
  name: aCanary('what the third is called')
} as const;

/** What a visitor's device says about itself. */
export const identity = {
  userAgent: aCanary('user agent'),
  language: aCanary('language'),
  cookie: aCanary('cookie'),
  address: aCanary('x-forwarded-for'),
  referer: aCanary('referer')
} as const;

/** Somebody with a browser profile on disk, behind a tap that keeps what passes. */
export interface Tapped {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly talk: Talk;
  readonly tap: WireTap;
  readonly profile: string;
  /** WebSocket frames as the browser tells of them. */
  readonly frames: Haystack[];
}

export interface Both {
  readonly young: Tapped;
  readonly desk: Tapped;
  /** Comes later, by a link. */
  readonly third: Tapped;
}

export async function openBoth(server: ServerProcess): Promise<Both> {
  const told = {
    'X-Forwarded-For': identity.address.text,
    Referer: `https://${identity.referer.text}.example/`,
    'Accept-Language': `x-${identity.language.text};q=0.1`
  };
  const userAgent = `Mozilla/5.0 ${identity.userAgent.text}`;
  const young = await openTapped(server, { ...phone, userAgent }, told);
  await young.context.addCookies([
    { name: 'kept', value: identity.cookie.text, url: server.origin }
  ]);
  const desk = await openTapped(server, desktop);
  return { young, desk, third: await openTapped(server, phone) };
}

type Options = Parameters<typeof chromium.launchPersistentContext>[1];

async function openTapped(
  server: ServerProcess,
  options: Options,
  headers: Record<string, string> = {}
): Promise<Tapped> {
  const tap = await WireTap.before(server.port, headers);
  const profile = mkdtempSync(join(tmpdir(), 'frirum-profile-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: wholeChromium,
    args: [
      ...browserArguments,
      // The address stays the server's own, so that the pages and the origin check are as always.
      `--host-resolver-rules=MAP localhost 127.0.0.1:${tap.port}`
    ],
    locale: 'da-DK',
    ...options
  });
  const page = context.pages()[0] ?? (await context.newPage());
  const frames: Haystack[] = [];
  page.on('websocket', (socket) => {
    const keep = (where: string) => (frame: { payload: string | Buffer }) =>
      frames.push({ where, bytes: Buffer.from(frame.payload) });
    socket.on('framesent', keep('frame sent'));
    socket.on('framereceived', keep('frame received'));
  });
  const talk = new Talk(page.locator('main'));
  return { context, page, talk, tap, profile, frames };
}

/** What a visitor writes before anybody is there; it is said when somebody comes. */
export const firstText = `Hej, må jeg skrive om ${said.danish.text}?`;

export async function beginTalking({ young, desk }: Both, server: ServerProcess): Promise<void> {
  const { page } = young;
  await page.goto(server.origin);
  await page.getByTestId('who-young').click();
  await page.getByTestId('age-under-18').click();
  await page.getByTestId('start-chat').click();
  await page.getByTestId('queue-position').waitFor();
  await page.getByTestId('composer').fill(firstText);
  await page.getByTestId('composer').blur();

  await desk.page.goto(`${server.origin}/desk`);
  await desk.page.getByTestId('sign-in-name').fill('mikkel');
  await desk.page.getByTestId('sign-in-password').fill(server.password('mikkel'));
  await desk.page.getByTestId('sign-in-submit').click();
  await desk.page.getByTestId('shift-start').click();
  await takeNext(desk.page);
  await Promise.all([young.talk.isState('open'), desk.talk.isState('open')]);
  await desk.talk.hasHeard([firstText]);
}

/** The name of the one conversation that this page keeps. */
export const conversationOf = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const key = Object.keys(sessionStorage).find((name) => name.startsWith('frirum:'));
    return key?.slice('frirum:'.length) ?? '';
  });

export async function endTalking({ young, desk, third }: Both): Promise<void> {
  await young.page.getByTestId('end-conversation').click();
  await young.page.getByTestId('end-confirm').click();
  await Promise.all([young, desk, third].map(({ talk }) => talk.isState('ended')));
  // What the counsellor registers names nothing either.
  await desk.page.getByTestId('registration-theme-home').click();
  await desk.page.getByTestId('registration-save').click();
  await desk.page.getByTestId('registration').waitFor({ state: 'detached' });
}

/** A parent comes in by the link that both have agreed on. */
export async function bringThird({ young, desk, third }: Both): Promise<void> {
  const link = await agreeOnLink(young.page, desk.page);
  await third.page.goto(link);
  await third.page.getByTestId('third-name').fill(said.name.text);
  await third.page.getByTestId('third-enter').click();
  await third.talk.isState('open');
  for (const { page } of [young, desk, third]) await areThere(page, 3);
}

export async function closeBoth(people: Both): Promise<void> {
  const all = Object.values(people);
  await Promise.all(all.map(({ context }) => context.close()));
  await Promise.all(all.map(({ tap }) => tap.close()));
}

export function removeProfiles(people: Both): void {
  for (const { profile } of Object.values(people))
    rmSync(profile, { recursive: true, force: true });
}

export const everythingSaid: readonly Canary[] = Object.values(said);
export const everythingTold: readonly Canary[] = Object.values(identity);
