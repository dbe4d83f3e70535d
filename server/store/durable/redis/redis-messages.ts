import * as v from 'valibot';
import type { Redis } from '../../redis/connection.ts';
import type { Messages } from '../messages.ts';
import type { Log } from './log.ts';
import { messagesScript } from './messages-script.ts';
import { Bytes, readRow, readRows, Text, Whole } from './replies.ts';
import { Steps } from './steps.ts';

const MessageRow = v.object({
  code: Bytes,
  id: Bytes,
  day: Whole,
  sealed: Bytes,
  recipient: Text,
  answer: v.nullable(Bytes)
});
const RecipientRow = v.object({
  account: Text,
  recipient: Text,
  certificate: Bytes,
  signature: Bytes
});
const ItemRow = v.object({ id: Bytes, sealed: Bytes });

/** The part of the durable Redis that holds what was sealed to the team. */
export function openMessages(redis: Redis, log: Log): Messages {
  const steps = new Steps(redis, messagesScript);
  return {
    leave: ({ code, id, day, sealed, recipient }) =>
      steps.isDone('leave', code, id, day, sealed, recipient),
    find: async (code) => readRow(MessageRow, await steps.take('findMessage', code)),
    waiting: async () => readRows(MessageRow, await steps.look('waiting')),
    answer: (code, sealed) => steps.isDone('answer', code, sealed),
    remove: async (code) => {
      const isGone = await steps.isDone('removeMessage', code);
      if (isGone) log.writeAnew();
      return isGone;
    },
    async forget(day) {
      await steps.takeAll('forgetMessages', day);
      log.writeAnew();
    },

    recipients: async () =>
      readRows(RecipientRow, await steps.look('recipients')).toSorted((one, other) =>
        one.recipient < other.recipient ? -1 : 1
      ),
    putRecipient: ({ account, recipient, certificate, signature }, most) =>
      steps.isDone('putRecipient', account, recipient, certificate, signature, most),

    addAgendaItem: (slot, id, sealed, most) =>
      steps.isDone('addAgendaItem', slot, id, sealed, most),
    agenda: async (slot) =>
      readRows(ItemRow, await steps.look('agenda', slot)).toSorted((one, other) =>
        Buffer.compare(one.id, other.id)
      )
  };
}
