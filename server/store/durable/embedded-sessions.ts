import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { rowOf } from './rows.ts';
import type { Passkeys, StoredSessions } from './staff.ts';

const SessionRow = v.object({
  id: v.string(),
  tokenHash: v.string(),
  account: v.string(),
  startedAt: v.number(),
  seenAt: v.number(),
  provedAt: v.nullable(v.number())
});
const PasskeyRow = v.object({
  id: v.string(),
  account: v.string(),
  publicKey: v.instance(Uint8Array),
  counter: v.number()
});

const columns =
  'id, token_hash AS tokenHash, account, started_at AS startedAt, seen_at AS seenAt, proved_at AS provedAt';
const passkeyColumns = 'id, account, public_key AS publicKey, counter';

export function openSessions(database: DatabaseSync): StoredSessions {
  const add = database.prepare(
    `INSERT INTO session (id, token_hash, account, started_at, seen_at, proved_at)
     VALUES (?, ?, ?, ?, ?, ?)`
  );
  const find = database.prepare(`SELECT ${columns} FROM session WHERE id = ?`);
  const withToken = database.prepare(`SELECT ${columns} FROM session WHERE token_hash = ?`);
  const all = database.prepare(`SELECT ${columns} FROM session`);
  const seen = database.prepare('UPDATE session SET seen_at = ? WHERE id = ?');
  const renew = database.prepare(
    'UPDATE session SET token_hash = ?, seen_at = ?, proved_at = ? WHERE id = ? AND token_hash = ?'
  );
  const remove = database.prepare('DELETE FROM session WHERE id = ?');
  return {
    async add(session) {
      const { id, tokenHash, account, startedAt, seenAt, provedAt } = session;
      add.run(id, tokenHash, account, startedAt, seenAt, provedAt);
    },
    find: async (id) => rowOf(SessionRow, find.get(id)),
    withToken: async (tokenHash) => rowOf(SessionRow, withToken.get(tokenHash)),
    async seen(id, at) {
      seen.run(at, id);
    },
    renew: async (session, tokenHash, provedAt) =>
      Number(renew.run(tokenHash, provedAt, provedAt, session.id, session.tokenHash).changes) > 0,
    remove: async (id) => Number(remove.run(id).changes) > 0,
    all: async () => v.parse(v.array(SessionRow), all.all())
  };
}

export function openPasskeys(database: DatabaseSync): Passkeys {
  const find = database.prepare(`SELECT ${passkeyColumns} FROM passkey WHERE id = ?`);
  const of = database.prepare(`SELECT ${passkeyColumns} FROM passkey WHERE account = ?`);
  const add = database.prepare(
    `INSERT INTO passkey (id, account, public_key, counter) VALUES (?, ?, ?, ?)
     ON CONFLICT DO NOTHING`
  );
  const used = database.prepare('UPDATE passkey SET counter = max(counter, ?) WHERE id = ?');
  return {
    find: async (id) => rowOf(PasskeyRow, find.get(id)),
    of: async (account) => v.parse(v.array(PasskeyRow), of.all(account)),
    add: async ({ id, account, publicKey, counter }) =>
      Number(add.run(id, account, publicKey, counter).changes) > 0,
    async used(id, counter) {
      used.run(counter, id);
    }
  };
}
