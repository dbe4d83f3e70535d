import { ed25519 } from '@noble/curves/ed25519.js';
import { checkCertificate, readCertificate, type CertificateRefusal } from './certificate.ts';
import { labelled } from './fields.ts';
import { isPostQuantum, MOST_RECIPIENTS } from './sealed-note.ts';

/** A counsellor's recipient, as they say it themselves with the key that the organisation certified. */
export interface SignedRecipient {
  /** age1pq…, see newNoteIdentity. */
  readonly recipient: string;
  /** CERTIFICATE_BYTES, of a counsellor. */
  readonly certificate: Uint8Array;
  /** Ed25519 (RFC 8032) over signedRecipient, 64 bytes. */
  readonly signature: Uint8Array;
}

export type RecipientRefusal = CertificateRefusal | 'bad-recipient-signature' | 'classic-recipient';

/** What a counsellor signs so that notes are sealed to them: L(label, recipient). */
export const signedRecipient = (recipient: string): Uint8Array =>
  labelled('frirum team recipient v1', new TextEncoder().encode(recipient));

/**
 * Decide whether notes may be sealed to this recipient: who runs the server has no certified key, and so
 * cannot put itself on the list. Needs loadSodium first. `now` in milliseconds since 1970.
 */
export function checkRecipient(
  { recipient, certificate, signature }: SignedRecipient,
  trust: {
    readonly organisationKey: Uint8Array;
    readonly now: number;
    readonly revokedSerials?: readonly string[] | undefined;
  }
): RecipientRefusal | null {
  if (!isPostQuantum(recipient)) return 'classic-recipient';
  const checked = checkCertificate(certificate, { ...trust, role: 'counsellor' });
  if (checked.kind === 'refused') return checked.refusal;
  const { publicKey } = checked.certificate;
  return isSigned(recipient, signature, publicKey) ? null : 'bad-recipient-signature';
}

/**
 * Whether a recipient is signed with the key of its certificate, whoever certified it: what a server can
 * check before it passes it on. Needs loadSodium first.
 */
export function isOwnRecipient({ recipient, certificate, signature }: SignedRecipient): boolean {
  const read = readCertificate(certificate);
  return (
    read !== undefined && isPostQuantum(recipient) && isSigned(recipient, signature, read.publicKey)
  );
}

/** The recipients of a list that count, in order, at most MOST_RECIPIENTS. */
export const trustedRecipients = (
  list: readonly SignedRecipient[],
  trust: Parameters<typeof checkRecipient>[1]
): readonly string[] =>
  list
    .filter((one) => checkRecipient(one, trust) === null)
    .map(({ recipient }) => recipient)
    .toSorted()
    .slice(0, MOST_RECIPIENTS);

function isSigned(recipient: string, signature: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    return ed25519.verify(signature, signedRecipient(recipient), publicKey, { zip215: false });
  } catch {
    return false;
  }
}
