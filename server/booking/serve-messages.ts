import {
  answerMessage,
  forgetMessage,
  leaveMessage,
  lookForAnswer,
  putRecipient,
  readMessage,
  teamRecipients,
  waitingMessages
} from '#shared/booking/message-calls.ts';
import { dayOf, messageKeptDays } from '#shared/booking/rules.ts';
import { codeName, messageId } from '#shared/crypto/message-code.ts';
import { isSealedLength, MOST_RECIPIENTS } from '#shared/crypto/sealed-note.ts';
import { loadSodium } from '#shared/crypto/sodium.ts';
import { isOwnRecipient } from '#shared/crypto/team-recipients.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import { storedCode } from './names.ts';
import { asPeopleAsk, type Office } from './office.ts';

const day = 86_400_000;
const toBytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'base64url'));
const toText = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

/** The last moment of a message that was left on this day. */
const untilOf = (left: number): number => (left + messageKeptDays + 1) * day;

type Needs = Pick<Office, 'messages' | 'plan' | 'secret' | 'clock' | 'checkProof' | 'allowance'>;

/** Out of hours: a sealed message to the team, and an answer that waits for a week behind a code. */
export function serveMessages({
  messages,
  plan,
  secret,
  clock,
  checkProof,
  allowance
}: Needs): Served[] {
  const limit = allowance('messages', asPeopleAsk);
  /** @param code the code itself */
  const opened = (code: string) => storedCode(secret, codeName(toBytes(code)));
  const find = async (code: Uint8Array) => {
    const found = await messages.find(code);
    // Tidied once an hour: what is over is gone before that.
    return found && dayOf(clock.now()) - found.day <= messageKeptDays ? found : null;
  };

  return [
    serve(teamRecipients, async () => {
      const there = new Set((await plan.counsellors()).map(({ account }) => account));
      const recipients = await messages.recipients();
      return accept({
        // Who is suspended or gone is sealed to no more.
        recipients: recipients
          .filter(({ account }) => there.has(account))
          .map(({ recipient, certificate, signature }) => ({
            recipient,
            certificate: toText(certificate),
            signature: toText(signature)
          }))
      });
    }),

    serve(putRecipient, async ({ recipient, ...signed }, { account }) => {
      await loadSodium();
      const certificate = toBytes(signed.certificate);
      const signature = toBytes(signed.signature);
      if (!account || !isOwnRecipient({ recipient, certificate, signature }))
        return refuse('not-signed');
      const mine = { account: account.id, recipient, certificate, signature };
      const isIn = await messages.putRecipient(mine, MOST_RECIPIENTS);
      return isIn ? accept({}) : refuse('too-many-recipients');
    }),

    serve(leaveMessage, async ({ code, sealed, recipient, proof }) => {
      if (!isSealedLength(sealed)) return refuse('note-too-long');
      const name = storedCode(secret, toBytes(code));
      const before = await find(name);
      // The same asked again, when the first answer was lost; its proof is used up by now.
      if (before && toText(before.sealed) === sealed) return accept({ until: untilOf(before.day) });
      if (before) return refuse('code-known');
      const checked = await checkProof(proof);
      if (checked !== 'good') return refuse(`proof-${checked}`);
      if (!(await limit.take(''))) return refuse('house-busy');
      const today = dayOf(clock.now());
      const left = await messages.leave({
        ...{ code: name, recipient, id: messageId(toBytes(code)) },
        day: today,
        sealed: toBytes(sealed)
      });
      return left ? accept({ until: untilOf(today) }) : refuse('code-known');
    }),

    serve(lookForAnswer, async ({ code }) => {
      const found = await find(opened(code));
      if (!found) return refuse('unknown-code');
      return accept({ answer: found.answer && toText(found.answer), until: untilOf(found.day) });
    }),

    serve(forgetMessage, async ({ code }) =>
      (await messages.remove(opened(code))) ? accept({}) : refuse('unknown-code')
    ),

    serve(waitingMessages, async () => {
      const today = dayOf(clock.now());
      const waiting = await messages.waiting();
      return accept({
        messages: waiting
          .map(({ code, day }) => ({
            message: toText(code),
            days: messageKeptDays - (today - day)
          }))
          .filter(({ days }) => days >= 0)
      });
    }),

    serve(readMessage, async ({ message }) => {
      const found = await find(toBytes(message));
      if (!found) return refuse('unknown-message');
      const { sealed, recipient, id } = found;
      return accept({ sealed: toText(sealed), recipient, id: toText(id) });
    }),

    serve(answerMessage, async ({ message, sealed }) => {
      if (!isSealedLength(sealed)) return refuse('note-too-long');
      const found = await find(toBytes(message));
      if (!found) return refuse('unknown-message');
      const answered = await messages.answer(found.code, toBytes(sealed));
      return answered ? accept({}) : refuse('already-answered');
    })
  ];
}
