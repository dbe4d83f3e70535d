import type { Page } from 'playwright-core';

/** Where a visitor gets to without anybody answering. */
export const stages = ['door', 'choosing', 'waiting'] as const;
export type Stage = (typeof stages)[number];
export const languages = ['da', 'en'] as const;
export type Language = (typeof languages)[number];

export const doorOf = (origin: string, language: Language) =>
  language === 'da' ? `${origin}/` : `${origin}/${language}`;

/** Goes there as a young person does: through the front door. */
export async function goTo(
  page: Page,
  origin: string,
  stage: Stage,
  language: Language = 'da'
): Promise<void> {
  await page.goto(doorOf(origin, language));
  if (stage === 'door') return;
  await page.getByTestId('who-young').click();
  await page.getByTestId('age-under-18').click();
  if (stage === 'choosing') return;
  await page.getByTestId('topic-angry-parents').click();
  await page.getByTestId('start-chat').click();
  await page.getByTestId('queue-position').waitFor();
}
