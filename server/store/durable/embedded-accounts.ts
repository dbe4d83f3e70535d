import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { StaffRole } from '#shared/counsellor/role.ts';
import { atOnce } from './open-file.ts';
import { rowOf } from './rows.ts';
import type { Accounts, StoredAccount } from './staff.ts';

const AccountRow = v.object({
  id: v.string(),
  name: v.nullable(v.string()),
  shownName: v.string(),
  role: StaffRole,
  state: v.picklist(['invited', 'active', 'suspended']),
  password: v.nullable(v.string()),
  totpSecret: v.nullable(v.string()),
  seenDay: v.nullable(v.number())
});
const columns =
  'id, name, shown_name AS shownName, role, state, password, totp_secret AS totpSecret, seen_day AS seenDay';

/** Stores an account; a part of what others do at once. */
export function addAccount(database: DatabaseSync, account: StoredAccount): void {
  const { id, name, shownName, role, state, password, totpSecret } = account;
  database
    .prepare(
      `INSERT INTO account (id, name, shown_name, role, state, password, totp_secret)
       VALUES (?, ?, ?, ?, ?, ?, ?)`
    )
    .run(id, name, shownName, role, state, password, totpSecret);
}

/** Ends what an account could do until now; a part of what others do at once. */
export function shutOut(database: DatabaseSync, account: string): void {
  database.prepare('DELETE FROM session WHERE account = ?').run(account);
  database.prepare('DELETE FROM certificate_request WHERE account = ?').run(account);
  database.prepare('UPDATE certificate SET revoked = 1 WHERE account = ?').run(account);
}

/** Whether nobody else could lead the team. */
export function isLastLead(database: DatabaseSync, account: string): boolean {
  const leads = database
    .prepare("SELECT id FROM account WHERE role = 'lead' AND state = 'active'")
    .all();
  return leads.length === 1 && leads[0]?.['id'] === account;
}

export function openAccounts(database: DatabaseSync): Accounts {
  const named = database.prepare(`SELECT ${columns} FROM account WHERE name = ?`);
  const withId = database.prepare(`SELECT ${columns} FROM account WHERE id = ?`);
  const all = database.prepare(`SELECT ${columns} FROM account ORDER BY shown_name, id`);
  const count = database.prepare('SELECT count(*) AS many FROM account');
  const seen = database.prepare(
    'UPDATE account SET seen_day = ?1 WHERE id = ?2 AND seen_day IS NOT ?1'
  );
  const setState = database.prepare('UPDATE account SET state = ? WHERE id = ? AND state = ?');
  const hasCredentials = database.prepare(
    `SELECT 1 FROM account WHERE id = ?1 AND (password IS NOT NULL
     OR EXISTS (SELECT 1 FROM passkey WHERE account = ?1))`
  );
  const useStep = database.prepare(
    'UPDATE account SET totp_step = ?1 WHERE id = ?2 AND totp_step < ?1'
  );
  const useCode = database.prepare('DELETE FROM recovery_code WHERE account = ? AND hash = ?');
  const dropCodes = database.prepare('DELETE FROM recovery_code WHERE account = ?');
  const addCode = database.prepare('INSERT INTO recovery_code (account, hash) VALUES (?, ?)');
  const countCodes = database.prepare(
    'SELECT count(*) AS many FROM recovery_code WHERE account = ?'
  );

  return {
    async add(accounts) {
      atOnce(database, () => accounts.forEach((account) => addAccount(database, account)));
    },
    named: async (name) => rowOf(AccountRow, named.get(name)),
    withId: async (id) => rowOf(AccountRow, withId.get(id)),
    all: async () => v.parse(v.array(AccountRow), all.all()),
    count: async () => Number(count.get()?.['many']),
    async seen(id, day) {
      seen.run(day, id);
    },
    suspend: async (id) =>
      atOnce(database, () => {
        if (isLastLead(database, id)) return 'last-lead';
        if (setState.run('suspended', id, 'active').changes === 0) return 'not-active';
        shutOut(database, id);
        return 'suspended';
      }),
    resume: async (id) =>
      atOnce(database, () => {
        if (!hasCredentials.get(id)) return 'needs-invitation';
        return setState.run('active', id, 'suspended').changes === 0 ? 'not-suspended' : 'resumed';
      }),
    useTotpStep: async (id, step) => Number(useStep.run(step, id).changes) > 0,
    useRecoveryCode: async (id, hash) => Number(useCode.run(id, hash).changes) > 0,
    async replaceRecoveryCodes(id, hashes) {
      atOnce(database, () => {
        dropCodes.run(id);
        for (const hash of hashes) addCode.run(id, hash);
      });
    },
    recoveryLeft: async (id) => Number(countCodes.get(id)?.['many'])
  };
}
