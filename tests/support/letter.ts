import type { Page } from 'playwright-core';
import { answerMessage, readMessage, waitingMessages } from '#shared/booking/message-calls.ts';
import { openNote, sealNote } from '#shared/crypto/sealed-note.ts';
import { readLetter } from '#shared/message/letter.ts';
import type { aReader } from './reader.ts';
import { valueOf } from './people.ts';

type Reader = Awaited<ReturnType<typeof aReader>>;
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));

/** Says who they are, writes and sends. @returns the code, as it is shown */
export async function writesToTheTeam(page: Page, text: string): Promise<string> {
  await page.getByTestId('who-young').click();
  await page.getByTestId('age-under-18').click();
  await page.getByTestId('message-text').fill(text);
  await page.getByTestId('message-send').click();
  const code = page.getByTestId('message-code');
  await code.waitFor();
  return ((await code.textContent()) ?? '').trim().replaceAll(/\s+/g, ' ');
}

/** What a reader's device makes of the messages that wait. */
export async function readsMessages({ desk, identity }: Reader) {
  const { messages } = await valueOf(desk.ask(waitingMessages, {}));
  return Promise.all(
    messages.map(async ({ message, days }) => {
      const { sealed, recipient, id } = await valueOf(desk.ask(readMessage, { message }));
      const head = { purpose: 'message' as const, id: bytes(id) };
      const opened = await openNote(bytes(sealed), identity, head);
      if (!opened.ok) throw new Error(opened.refusal);
      return {
        ...{ message, days, letter: readLetter(opened.text, recipient) },
        answer: async (text: string) => {
          const answer = await sealNote(text, [recipient], { ...head, purpose: 'answer' });
          if (!answer.ok) throw new Error(answer.refusal);
          const sent = Buffer.from(answer.sealed).toString('base64url');
          await valueOf(desk.ask(answerMessage, { message, sealed: sent }));
        }
      };
    })
  );
}
