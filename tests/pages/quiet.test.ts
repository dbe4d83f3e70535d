import { expect, it } from 'vitest';
import { browserAndServer } from '#tests/support/browser-and-server.ts';
import { aQuietPage } from '#tests/support/quiet.ts';

const { browser, server } = await browserAndServer({ everybodyLeaves: true });

it('neither does what somebody does before anybody answers', async () => {
  const { page, isQuiet } = await aQuietPage(browser, server.origin);
  await page.goto(`${server.origin}/chat`);
  for (const kind of ['parent', 'professional', 'young']) {
    await page.getByTestId(`who-${kind}`).click();
    await isQuiet();
  }
  await page.getByTestId('age-18-24').click();
  await page.getByTestId('composer').fill('noget, jeg ikke har sagt til nogen');
  await page.getByTestId('start-chat').click();
  await page.getByTestId('queue-position').waitFor();
  await page.reload();
  await page.getByTestId('queue-position').waitFor();
  await isQuiet();
  await page.getByTestId('leave-queue').click();
  await page.getByTestId('start-chat').waitFor();
  await isQuiet();
});

it('nor does the desk before somebody has signed in', async () => {
  const { page, isQuiet, complaints } = await aQuietPage(browser, server.origin);
  await page.goto(`${server.origin}/desk`);
  await isQuiet();
  await page.getByTestId('sign-in-name').fill('mikkel');
  await page.getByTestId('sign-in-password').fill('det er ikke den rigtige');
  await page.getByTestId('sign-in-submit').click();
  await page.getByRole('alert').waitFor();
  // Browsers report every refused request.
  expect(complaints.splice(0)).toEqual([expect.stringContaining('401')]);
  await isQuiet();
});
