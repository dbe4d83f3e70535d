import { randomBytes } from 'node:crypto';
import * as v from 'valibot';
import { connect, type Redis } from '../../redis/connection.ts';
import type { Newcomers } from '../../redis/newcomers.ts';
import type { Durable } from '../durable.ts';
import { checkDurable } from './check-durable.ts';
import { FreeTurns } from './free-turns.ts';
import { Log } from './log.ts';
import { openAccounts } from './redis-accounts.ts';
import { openBookings } from './redis-bookings.ts';
import { openCertificates } from './redis-certificates.ts';
import { openClips } from './redis-clips.ts';
import { openCounters } from './redis-counters.ts';
import { openInvitations } from './redis-invitations.ts';
import { openMessages } from './redis-messages.ts';
import { openPhrases } from './redis-phrases.ts';
import { openPlan } from './redis-plan.ts';
import { openPasskeys, openSessions } from './redis-sessions.ts';
import { Bytes, readRow, Text } from './replies.ts';
import { Steps } from './steps.ts';

const OrganisationRow = v.object({ name: Text, publicKey: Bytes });

const script = `
function steps.secret()
  call('SETNX', key('secret'), take())
  return call('GET', key('secret'))
end
function steps.organisation() return call('HGETALL', key('organisation')) end
function steps.setOrganisation()
  if isThere(key('organisation')) then return 0 end
  put(key('organisation'), { name = take(), publicKey = take() })
  return 1
end
function steps.staffTurn() return call('GET', key('staff-turn')) or '0' end
`;

export interface RedisDurable extends Durable {
  /** Whether Redis does not answer at the moment. */
  isAway(): boolean;
  /** How many of its servers came later than this node and are set up wrongly. */
  wrongServers(): number;
}

/**
 * The durable store of several nodes: one Redis that has each write on its disk before it answers.
 * A rejected call means that nobody knows whether it happened: asking the same again is safe.
 * @throws CannotStart when this Redis could lose what it acknowledges; what the client throws when it
 * cannot be reached
 */
export async function openRedisDurable(url: string): Promise<RedisDurable> {
  const opened: Redis[] = [];
  let newcomers: Newcomers | null = null;
  const open = async () => {
    const redis = await connect(url);
    opened.push(redis);
    return redis;
  };
  try {
    const redis = await open();
    newcomers = await checkDurable(redis);
    return await onRedis(redis, await open(), newcomers);
  } catch (error) {
    newcomers?.stop();
    for (const redis of opened) redis.destroy();
    throw error;
  }
}

async function onRedis(
  redis: Redis,
  subscriber: Redis,
  newcomers: Newcomers
): Promise<RedisDurable> {
  const steps = new Steps(redis, script);
  const secret = Buffer.from(v.parse(Bytes, await steps.take('secret', randomBytes(32))));
  const turns = await FreeTurns.listen(subscriber);
  const log = new Log(redis);
  const staffTurn = async () => v.parse(Text, await steps.look('staffTurn'));
  let seenTurn = await staffTurn();
  const accounts = openAccounts(redis);

  return {
    secret: () => secret,
    accounts,
    sessions: openSessions(redis),
    passkeys: openPasskeys(redis),
    invitations: openInvitations(redis),
    certificates: openCertificates(redis),
    organisation: async () => readRow(OrganisationRow, await steps.look('organisation')),
    setOrganisation: ({ name, publicKey }) => steps.isDone('setOrganisation', name, publicKey),
    async changedElsewhere() {
      const before = seenTurn;
      seenTurn = await staffTurn();
      return seenTurn !== before;
    },
    clips: openClips(redis, log),
    plan: openPlan(redis, accounts, turns),
    bookings: openBookings(redis, log, turns),
    messages: openMessages(redis, log),
    phrases: openPhrases(redis),
    counters: openCounters(redis, log),
    isAway: () => !redis.isReady || !subscriber.isReady,
    wrongServers: () => newcomers.wrongOnes,
    async close() {
      newcomers.stop();
      await log.stop();
      for (const one of [redis, subscriber]) if (one.isOpen) await one.close();
    }
  };
}
