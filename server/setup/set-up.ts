import { randomUUID } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { StaffRole } from '#shared/counsellor/role.ts';
import { certificateTerms } from '#shared/counsellor/terms.ts';
import { createOrganisationKey, issueCertificate } from '#shared/crypto/certificate.ts';
import { newInvitation } from '#server/counsellor/invitation.ts';
import { CannotStart, codeOf } from '#server/store/durable/cannot-start.ts';
import type { Durable } from '#server/store/durable/durable.ts';
import { keyFileOf } from './key-file.ts';
import { writeServiceKey } from './organisation.ts';

const DAY = 86_400_000;

const rootKeyWords = (organisation: string): readonly string[] => [
  `The root key of ${organisation} in Frirum. Keep it offline: on a memory stick in a safe, and a copy elsewhere.`,
  'Whoever has it can pose as any of your counsellors. Without it nobody can be certified, and no',
  'certificate renewed after 30 days. It is opened only in the browser of a lead, at /desk/team.',
  'Ed25519 secret key, 64 bytes in hex:'
];

export interface SetUpOrder {
  /** The data folder. */
  readonly folder: string;
  readonly store: Pick<Durable, 'organisation' | 'setOrganisation' | 'invitations' | 'accounts'>;
  readonly organisation: string;
  readonly lead: string;
  /** Where the root key goes; nothing may be there yet. */
  readonly keyFile: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Why this folder cannot be set up, in words; null when it can. */
export async function whyNotSetUp(
  folder: string,
  store: Pick<Durable, 'organisation' | 'accounts'>
): Promise<string | null> {
  const organisation = await store.organisation();
  if (organisation) return `${folder} is set up already, for ${organisation.name}.`;
  const tryOut = ['try-out.json', 'organisation.key'].find((name) =>
    existsSync(join(folder, name))
  );
  if (tryOut || (await store.accounts.count()) > 0)
    return (
      `${folder} holds a try-out${tryOut ? ` (${tryOut})` : ''}, whose passwords and key are on this ` +
      'machine. Set FRIRUM_DATA to another folder, or remove this one.'
    );
  return null;
}

/**
 * Makes an organisation: its root key into a file for the lead, its public key and name and a key for
 * this service into the data folder. @returns the path of the first lead's invitation, told this once
 */
export async function setUp(order: SetUpOrder): Promise<string> {
  const { folder, store, organisation, lead, keyFile, now } = order;
  const why = await whyNotSetUp(folder, store);
  if (why) throw new CannotStart(`Frirum is not set up anew: ${why}`);
  const root = await createOrganisationKey();
  writeRootKey(keyFile, keyFileOf(rootKeyWords(organisation), root.secretKey));
  const service = await createOrganisationKey();
  const certificate = await issueCertificate({
    organisationSecretKey: root.secretKey,
    role: 'service',
    publicKey: service.publicKey,
    // A visitor's clock may be late.
    notBefore: now - DAY,
    expires: now + (certificateTerms.serviceDays - 1) * DAY
  });
  root.secretKey.fill(0);
  writeServiceKey(folder, service.secretKey, certificate);
  const { link } = await invitePerson(store, { shownName: lead, role: 'lead' }, now);
  await store.setOrganisation({ name: organisation, publicKey: root.publicKey });
  return link;
}

/** Invites somebody: a link (its path, told this once), and until when it works, in milliseconds since 1970. */
export async function invitePerson(
  { invitations }: Pick<Durable, 'invitations'>,
  person: { shownName: string; role: StaffRole },
  now: number
): Promise<{ id: string; link: string; expires: number }> {
  const { stored, link } = newInvitation(now);
  const id = randomUUID();
  await invitations.invite(
    {
      ...person,
      id,
      name: null,
      state: 'invited',
      password: null,
      totpSecret: null,
      seenDay: null
    },
    stored
  );
  return { id, link, expires: stored.expiresAt };
}

/** Mode 600, and never over something that is there. */
function writeRootKey(path: string, content: string): void {
  try {
    const file = openSync(path, 'wx', 0o600);
    try {
      writeSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    const code = codeOf(error);
    throw new CannotStart(
      code === 'EEXIST'
        ? `Frirum is not set up: ${path} is there already. A root key is never written over: choose another file.`
        : `Frirum is not set up: ${path} cannot be written (${code}). Choose another file.`
    );
  }
}
