import * as v from 'valibot';
import { StaffRole } from '#shared/counsellor/role.ts';
import { known } from '../../store-away.ts';
import type { Redis } from '../../volatile/redis/connection.ts';
import type { Accounts, StoredAccount } from '../staff.ts';
import { accountsScript } from './accounts-script.ts';
import { oneOf, readRow, readRows, readWord, Text, Whole } from './replies.ts';
import { root, Steps } from './steps.ts';

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
  const recovery = (id: string) => `${root}:recovery:${id}`;
  return {
    async add(accounts) {
      await steps.take('addAccounts', accounts.length, ...accounts.flatMap(accountValues));
    },
    named: async (name) => readRow(AccountRow, await steps.take('named', name)),
    withId: async (id) => readRow(AccountRow, await steps.take('withId', id)),
    all: async () =>
      readRows(AccountRow, await steps.take('allAccounts')).toSorted(
        (one, other) => order(one.shownName, other.shownName) || order(one.id, other.id)
      ),
    count: () => known(redis.zCard(`${root}:accounts`)),
    async seen(id, day) {
      await steps.take('seen', id, day);
    },
    suspend: async (id) =>
      readWord(['suspended', 'not-active', 'last-lead'], await steps.take('suspend', id)),
    resume: async (id) =>
      readWord(['resumed', 'not-suspended', 'needs-invitation'], await steps.take('resume', id)),
    useTotpStep: (id, step) => steps.isDone('useTotpStep', id, step),
    useRecoveryCode: async (id, hash) =>
      (await known(redis.zRem(recovery(id), Buffer.from(hash)))) === 1,
    async replaceRecoveryCodes(id, hashes) {
      await steps.take('replaceRecoveryCodes', id, hashes.length, ...hashes);
    },
    recoveryLeft: (id) => known(redis.zCard(recovery(id)))
  };
}

/** As SQLite orders: by bytes. */
const order = (one: string, other: string): number =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));
