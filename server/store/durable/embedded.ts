import * as v from 'valibot';
import type { Durable } from './durable.ts';
import { openAccounts } from './embedded-accounts.ts';
import { openBookings } from './embedded-bookings.ts';
import { openCertificates } from './embedded-certificates.ts';
import { openClips } from './embedded-clips.ts';
import { openCounters } from './embedded-counters.ts';
import { openMessages } from './embedded-messages.ts';
import { openPhrases } from './embedded-phrases.ts';
import { openInvitations } from './embedded-invitations.ts';
import { openPlan } from './embedded-plan.ts';
import { openPasskeys, openSessions } from './embedded-sessions.ts';
import { openFile } from './open-file.ts';
import { rowOf } from './rows.ts';

const KeyRow = v.object({ secret: v.instance(Uint8Array) });
const OrganisationRow = v.object({ name: v.string(), publicKey: v.instance(Uint8Array) });

/** The durable store of one machine: a SQLite file. Throws `CannotStart` when the folder cannot be used. */
export function openEmbedded(folder: string): Durable {
  const database = openFile(folder);
  const secret = Buffer.from(
    v.parse(KeyRow, database.prepare('SELECT secret FROM server_key').get()).secret
  );
  const findOrganisation = database.prepare(
    'SELECT name, public_key AS publicKey FROM organisation'
  );
  const addOrganisation = database.prepare(
    'INSERT INTO organisation (id, name, public_key) VALUES (1, ?, ?) ON CONFLICT DO NOTHING'
  );
  // Changes when another connection has written, not when this one has.
  const version = database.prepare('PRAGMA data_version');
  const readVersion = () => Number(version.get()?.['data_version']);
  let seenVersion = readVersion();

  const { clips, steps } = openClips(database);
  const turns = { turn: 0, plan: 0 };

  return {
    secret: () => secret,
    accounts: openAccounts(database),
    sessions: openSessions(database),
    passkeys: openPasskeys(database),
    invitations: openInvitations(database),
    certificates: openCertificates(database),
    organisation: async () => rowOf(OrganisationRow, findOrganisation.get()),
    setOrganisation: async ({ name, publicKey }) =>
      Number(addOrganisation.run(name, publicKey).changes) > 0,
    async changedElsewhere() {
      const before = seenVersion;
      seenVersion = readVersion();
      return seenVersion !== before;
    },
    clips,
    plan: openPlan(database, turns),
    bookings: openBookings(database, steps, turns),
    messages: openMessages(database),
    phrases: openPhrases(database),
    counters: openCounters(database),
    async close() {
      if (database.isOpen) database.close();
    }
  };
}
