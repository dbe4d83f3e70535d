import * as v from 'valibot';
import type { Redis } from '../../redis/connection.ts';
import type { Passkeys, StoredSessions } from '../staff.ts';
import { accountsScript, sessionsScript } from './accounts-script.ts';
import { Bytes, readRow, readRows, Text, Whole } from './replies.ts';
import { Steps } from './steps.ts';

const SessionRow = v.object({
  id: Text,
  tokenHash: Text,
  account: Text,
  startedAt: Whole,
  seenAt: Whole,
  provedAt: v.nullable(Whole)
});
const PasskeyRow = v.object({ id: Text, account: Text, publicKey: Bytes, counter: Whole });

/** The sessions' part of the durable Redis. */
export function openSessions(redis: Redis): StoredSessions {
  const steps = new Steps(redis, accountsScript, sessionsScript);
  return {
    async add(session) {
      const { id, tokenHash, account, startedAt, seenAt, provedAt } = session;
      await steps.take('addSession', id, tokenHash, account, startedAt, seenAt, provedAt);
    },
    find: async (id) => readRow(SessionRow, await steps.look('findSession', id)),
    withToken: async (tokenHash) => readRow(SessionRow, await steps.look('withToken', tokenHash)),
    async seen(id, at) {
      await steps.take('seenSession', id, at);
    },
    renew: (session, tokenHash, provedAt) =>
      steps.isDone('renew', session.id, session.tokenHash, tokenHash, provedAt),
    remove: (id) => steps.isDone('removeSession', id),
    all: async () => readRows(SessionRow, await steps.look('allSessions'))
  };
}

/** The passkeys' part of the durable Redis. */
export function openPasskeys(redis: Redis): Passkeys {
  const steps = new Steps(redis, accountsScript, sessionsScript);
  return {
    find: async (id) => readRow(PasskeyRow, await steps.look('findPasskey', id)),
    of: async (account) => readRows(PasskeyRow, await steps.look('passkeysOf', account)),
    add: ({ id, account, publicKey, counter }) =>
      steps.isDone('addPasskey', id, account, publicKey, counter),
    async used(id, counter) {
      await steps.take('usedPasskey', id, counter);
    }
  };
}
