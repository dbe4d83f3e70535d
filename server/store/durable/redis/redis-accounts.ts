import * as v from 'valibot';
import { StaffRole } from '#shared/counsellor/role.ts';
import type { Redis } from '../../redis/connection.ts';
import type { Accounts, StoredAccount } from '../staff.ts';
import { accountsScript } from './accounts-script.ts';
import { oneOf, readRow, readRows, readWord, Text, Whole } from './replies.ts';
import { Steps } from './steps.ts';

const AccountRow = v.object({
  id: Text,
  name: v.nullable(Text),
  shownName: Text,
  role: oneOf(StaffRole),
  state: oneOf(v.picklist(['invited', 'active', 'suspended'])),
  password: v.nullable(Text),
  totpSecret: v.nullable(Text),
  seenDay: v.nullable(Whole)
});

/** What a script takes for an account that is new. */
export const accountValues = (one: StoredAccount) => [
  one.id,
  one.name,
  one.shownName,
  one.role,
  one.state,
  one.password,
  one.totpSecret
];

/** The accounts' part of the durable Redis. */
export function openAccounts(redis: Redis): Accounts {
  const steps = new Steps(redis, accountsScript);
  return {
    async add(accounts) {
      await steps.take('addAccounts', accounts.length, ...accounts.flatMap(accountValues));
    },
    named: async (name) => readRow(AccountRow, await steps.look('named', name)),
    withId: async (id) => readRow(AccountRow, await steps.look('withId', id)),
    all: async () =>
      readRows(AccountRow, await steps.look('allAccounts')).toSorted(
        (one, other) => order(one.shownName, other.shownName) || order(one.id, other.id)
      ),
    count: async () => v.parse(v.number(), await steps.look('countIn', 'accounts', null)),
    async seen(id, day) {
      await steps.take('seen', id, day);
    },
    suspend: async (id) =>
      readWord(['suspended', 'not-active', 'last-lead'], await steps.take('suspend', id)),
    resume: async (id) =>
      readWord(['resumed', 'not-suspended', 'needs-invitation'], await steps.take('resume', id)),
    useTotpStep: (id, step) => steps.isDone('useTotpStep', id, step),
    useRecoveryCode: (id, hash) => steps.isDone('useRecoveryCode', id, hash),
    async replaceRecoveryCodes(id, hashes) {
      await steps.take('replaceRecoveryCodes', id, hashes.length, ...hashes);
    },
    recoveryLeft: async (id) => v.parse(v.number(), await steps.look('countIn', 'recovery', id))
  };
}

/** As SQLite orders: by bytes. */
const order = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));
