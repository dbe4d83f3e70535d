import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { addAccount, isLastLead, shutOut } from './embedded-accounts.ts';
import { atOnce } from './open-file.ts';
import { rowOf } from './rows.ts';
import type { Invitations, NewCredentials, NewInvitation } from './staff.ts';

const InvitationRow = v.object({ account: v.string(), expiresAt: v.number(), used: v.number() });
const OpenRow = v.object({ account: v.string(), expiresAt: v.number() });

export function openInvitations(database: DatabaseSync): Invitations {
  const find = database.prepare(
    'SELECT account, expires_at AS expiresAt, used FROM invitation WHERE token_hash = ?'
  );
  const open = database.prepare(
    'SELECT account, expires_at AS expiresAt FROM invitation WHERE used = 0'
  );
  const put = database.prepare(
    'INSERT OR REPLACE INTO invitation (token_hash, account, expires_at) VALUES (?, ?, ?)'
  );
  const use = database.prepare('UPDATE invitation SET used = 1 WHERE token_hash = ? AND used = 0');
  const drop = database.prepare('DELETE FROM invitation WHERE account = ? AND used = 0');
  const isTaken = database.prepare('SELECT 1 FROM account WHERE name = ? AND id <> ?');
  const wasHere = database.prepare('SELECT name FROM account WHERE id = ?');
  const setState = database.prepare('UPDATE account SET state = ? WHERE id = ?');
  const forget = database.prepare('DELETE FROM account WHERE id = ?');
  const dropPasskeys = database.prepare('DELETE FROM passkey WHERE account = ?');
  const dropCodes = database.prepare('DELETE FROM recovery_code WHERE account = ?');
  const dropPassword = database.prepare(
    "UPDATE account SET state = 'invited', password = NULL, totp_secret = NULL WHERE id = ?"
  );
  const become = database.prepare(
    `UPDATE account SET state = 'active', name = ?, password = ?, totp_secret = ?, totp_step = ?
     WHERE id = ?`
  );
  const addPasskey = database.prepare(
    'INSERT INTO passkey (id, account, public_key, counter) VALUES (?, ?, ?, ?)'
  );
  const addCode = database.prepare('INSERT INTO recovery_code (account, hash) VALUES (?, ?)');

  const write = (account: string, name: string, credentials: NewCredentials): void => {
    const { password, passkey, recovery } = credentials;
    const { hash = null, totpSecret = null, step = 0 } = password ?? {};
    become.run(name, hash, totpSecret, step, account);
    if (passkey) addPasskey.run(passkey.id, account, passkey.publicKey, passkey.counter);
    for (const one of recovery) addCode.run(account, one);
  };

  return {
    async invite(account, { tokenHash, expiresAt }: NewInvitation) {
      atOnce(database, () => {
        addAccount(database, account);
        put.run(tokenHash, account.id, expiresAt);
      });
    },
    async find(tokenHash) {
      const row = rowOf(InvitationRow, find.get(tokenHash));
      return row && { ...row, used: row.used === 1 };
    },
    open: async () =>
      new Map(v.parse(v.array(OpenRow), open.all()).map((row) => [row.account, row.expiresAt])),
    accept: async (tokenHash, name, credentials, now) =>
      atOnce(database, () => {
        const invitation = rowOf(InvitationRow, find.get(tokenHash));
        if (!invitation) return 'unknown-invitation';
        if (invitation.used === 1) return 'used-invitation';
        if (now >= invitation.expiresAt) return 'expired-invitation';
        if (isTaken.get(name, invitation.account)) return 'name-taken';
        use.run(tokenHash);
        write(invitation.account, name, credentials);
        return 'accepted';
      }),
    withdraw: async (account) =>
      atOnce(database, () => {
        if (drop.run(account).changes === 0) return 'not-invited';
        if (wasHere.get(account)?.['name'] === null) forget.run(account);
        else setState.run('suspended', account);
        return 'withdrawn';
      }),
    reset: async (account, { tokenHash, expiresAt }) =>
      atOnce(database, () => {
        if (!wasHere.get(account)) return 'unknown-person';
        if (isLastLead(database, account)) return 'last-lead';
        shutOut(database, account);
        dropPasskeys.run(account);
        dropCodes.run(account);
        dropPassword.run(account);
        put.run(tokenHash, account, expiresAt);
        return 'reset';
      })
  };
}
