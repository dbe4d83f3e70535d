import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import type { Messages } from './messages.ts';
import { atOnce } from './open-file.ts';

const Bytes = v.instance(Uint8Array);
const MessageRow = v.object({
  code: Bytes,
  id: Bytes,
  day: v.number(),
  sealed: Bytes,
  recipient: v.string(),
  answer: v.nullable(Bytes)
});
const RecipientRow = v.object({
  account: v.string(),
  recipient: v.string(),
  certificate: Bytes,
  signature: Bytes
});
const ItemRow = v.object({ id: Bytes, sealed: Bytes });
const columns = 'code, id, day, sealed, recipient, answer FROM team_message';

/** The part of the SQLite file that holds what was sealed to the team. */
export function openMessages(database: DatabaseSync): Messages {
  const add = database.prepare(
    'INSERT INTO team_message (code, day, sealed, recipient, id) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING'
  );
  const withCode = database.prepare(`SELECT ${columns} WHERE code = ?`);
  const unanswered = database.prepare(`SELECT ${columns} WHERE answer IS NULL ORDER BY day, code`);
  const setAnswer = database.prepare(
    'UPDATE team_message SET answer = ? WHERE code = ? AND answer IS NULL'
  );
  const remove = database.prepare('DELETE FROM team_message WHERE code = ?');
  const removeOld = database.prepare('DELETE FROM team_message WHERE day < ?');
  const allRecipients = database.prepare(
    'SELECT account, recipient, certificate, signature FROM team_recipient ORDER BY recipient'
  );
  const putRecipient = database.prepare(
    'INSERT OR REPLACE INTO team_recipient VALUES (?, ?, ?, ?)'
  );
  const countOthers = database.prepare(
    'SELECT count(*) AS many FROM team_recipient WHERE account <> ?'
  );
  const addItem = database.prepare(
    'INSERT INTO agenda_item VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
  );
  const itemsOf = database.prepare('SELECT id, sealed FROM agenda_item WHERE slot = ? ORDER BY id');
  /** What was deleted is still in the log; this empties it. */
  const emptyLog = () => database.exec('PRAGMA wal_checkpoint(TRUNCATE)');

  return {
    leave: async ({ code, day, sealed, recipient, id }) =>
      Number(add.run(code, day, sealed, recipient, id).changes) > 0,
    find: async (code) => {
      const row = withCode.get(code);
      return row === undefined ? null : v.parse(MessageRow, row);
    },
    waiting: async () => v.parse(v.array(MessageRow), unanswered.all()),
    answer: async (code, sealed) => Number(setAnswer.run(sealed, code).changes) > 0,
    remove: async (code) => {
      const isGone = Number(remove.run(code).changes) > 0;
      if (isGone) emptyLog();
      return isGone;
    },
    forget: async (day) => {
      removeOld.run(day);
      emptyLog();
    },

    recipients: async () => v.parse(v.array(RecipientRow), allRecipients.all()),
    putRecipient: async ({ account, recipient, certificate, signature }, most) =>
      atOnce(database, () => {
        if (Number(countOthers.get(account)?.['many']) >= most) return false;
        putRecipient.run(account, recipient, certificate, signature);
        return true;
      }),

    addAgendaItem: async (slot, id, sealed, most) =>
      atOnce(database, () => {
        const items = v.parse(v.array(ItemRow), itemsOf.all(slot));
        if (items.some((item) => Buffer.compare(item.id, id) === 0)) return true;
        if (items.length >= most) return false;
        addItem.run(slot, id, sealed);
        return true;
      }),
    agenda: async (slot) => v.parse(v.array(ItemRow), itemsOf.all(slot))
  };
}
