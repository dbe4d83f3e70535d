import * as v from 'valibot';
import type { StoredAccount, Durable, StoredSession } from './durable.ts';
import { openClips } from './embedded-clips.ts';
import { openCounters } from './embedded-counters.ts';
import { openPhrases } from './embedded-phrases.ts';
import { atOnce, openFile } from './open-file.ts';

const KeyRow = v.object({ secret: v.instance(Uint8Array) });

const AccountRow = v.object({
  id: v.string(),
  name: v.string(),
  shownName: v.string(),
  role: v.picklist(['counsellor', 'lead']),
  password: v.string(),
  totpSecret: v.nullable(v.string())
});

const SessionRow = v.object({
  tokenHash: v.string(),
  account: v.string(),
  startedAt: v.number(),
  seenAt: v.number()
});

const accountColumns =
  'id, name, shown_name AS shownName, role, password, totp_secret AS totpSecret';
const sessionColumns =
  'token_hash AS tokenHash, account, started_at AS startedAt, seen_at AS seenAt';

/** The durable store of one machine: a SQLite file. Throws `CannotStart` when the folder cannot be used. */
export function openEmbedded(folder: string): Durable {
  const database = openFile(folder);
  const secret = Buffer.from(
    v.parse(KeyRow, database.prepare('SELECT secret FROM server_key').get()).secret
  );

  const addAccount = database.prepare(
    'INSERT INTO account (id, name, shown_name, role, password, totp_secret) VALUES (?, ?, ?, ?, ?, ?)'
  );
  const accountNamed = database.prepare(`SELECT ${accountColumns} FROM account WHERE name = ?`);
  const accountWithId = database.prepare(`SELECT ${accountColumns} FROM account WHERE id = ?`);
  const countAccounts = database.prepare('SELECT count(*) AS many FROM account');
  const addSession = database.prepare('INSERT INTO session VALUES (?, ?, ?, ?)');
  const findSession = database.prepare(
    `SELECT ${sessionColumns} FROM session WHERE token_hash = ?`
  );
  const allSessions = database.prepare(`SELECT ${sessionColumns} FROM session`);
  const seenSession = database.prepare('UPDATE session SET seen_at = ? WHERE token_hash = ?');
  const removeSession = database.prepare('DELETE FROM session WHERE token_hash = ?');

  const toAccount = (row: unknown): StoredAccount | null =>
    row === undefined ? null : v.parse(AccountRow, row);

  return {
    secret: () => secret,
    accounts: {
      async add(accounts) {
        atOnce(database, () => {
          for (const a of accounts) {
            addAccount.run(a.id, a.name, a.shownName, a.role, a.password, a.totpSecret);
          }
        });
      },
      named: async (name) => toAccount(accountNamed.get(name)),
      withId: async (id) => toAccount(accountWithId.get(id)),
      count: async () => Number(countAccounts.get()?.['many'])
    },
    sessions: {
      async add(session: StoredSession) {
        addSession.run(session.tokenHash, session.account, session.startedAt, session.seenAt);
      },
      async find(tokenHash) {
        const row = findSession.get(tokenHash);
        return row === undefined ? null : v.parse(SessionRow, row);
      },
      async seen(tokenHash, at) {
        seenSession.run(at, tokenHash);
      },
      remove: async (tokenHash) => Number(removeSession.run(tokenHash).changes) > 0,
      all: async () => v.parse(v.array(SessionRow), allSessions.all())
    },
    clips: openClips(database),
    phrases: openPhrases(database),
    counters: openCounters(database),
    async close() {
      if (database.isOpen) database.close();
    }
  };
}
