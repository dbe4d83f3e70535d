import * as v from 'valibot';
import type { Redis } from '../../redis/connection.ts';
import type { Invitations, NewCredentials } from '../staff.ts';
import { accountsScript, sessionsScript } from './accounts-script.ts';
import { invitationsScript } from './invitations-script.ts';
import { accountValues } from './redis-accounts.ts';
import { Flag, readRow, readRows, readWord, Text, Whole } from './replies.ts';
import { Steps } from './steps.ts';

const InvitationRow = v.object({ account: Text, expiresAt: Whole, used: Flag });
const OpenRow = v.object({ account: Text, expiresAt: Whole });

/** The invitations' part of the durable Redis. */
export function openInvitations(redis: Redis): Invitations {
  const steps = new Steps(redis, accountsScript, sessionsScript, invitationsScript);
  return {
    async invite(account, { tokenHash, expiresAt }) {
      await steps.take('invite', ...accountValues(account), tokenHash, expiresAt);
    },
    find: async (tokenHash) =>
      readRow(InvitationRow, await steps.look('findInvitation', tokenHash)),
    open: async () =>
      new Map(
        readRows(OpenRow, await steps.look('openInvitations')).map((row) => [
          row.account,
          row.expiresAt
        ])
      ),
    accept: async (tokenHash, name, credentials, now) =>
      readWord(
        ['accepted', 'unknown-invitation', 'expired-invitation', 'used-invitation', 'name-taken'],
        await steps.take('accept', tokenHash, name, now, ...credentialValues(credentials))
      ),
    withdraw: async (account) =>
      readWord(['withdrawn', 'not-invited'], await steps.take('withdraw', account)),
    reset: async (account, { tokenHash, expiresAt }) =>
      readWord(
        ['reset', 'unknown-person', 'last-lead'],
        await steps.take('reset', account, tokenHash, expiresAt)
      )
  };
}

function credentialValues({ password, passkey, recovery }: NewCredentials) {
  const { hash = null, totpSecret = null, step = 0 } = password ?? {};
  const { id = null, publicKey = null, counter = 0 } = passkey ?? {};
  return [hash, totpSecret, step, id, publicKey, counter, recovery.length, ...recovery];
}
