import * as v from 'valibot';
import { Base64Url } from '../wire/bytes.ts';
import { defineCall } from '../wire/define-call.ts';
import { defineNews } from '../wire/define-news.ts';

/** An Ed25519 public key, 32 bytes. */
export const PublicKey = v.pipe(Base64Url(32), v.length(43));
export const CertificateText = Base64Url(1024);
/** A certificate's serial: 16 bytes as hexadecimal digits. */
export const Serial = v.pipe(v.string(), v.regex(/^[0-9a-f]{32}$/));

/**
 * A certificate for the key this device has made: the one it has, or one that a try-out signs at once.
 * Elsewhere the lead signs, offline, and is asked by this call: `certificate-awaited` until then. In the
 * last seven days of a certificate it asks for the next one and goes on with the old.
 */
export const requestCertificate = defineCall({
  name: 'counsellor:request-certificate',
  who: ['counsellor', 'interpreter'],
  request: v.strictObject({ publicKey: PublicKey }),
  value: v.object({ certificate: CertificateText }),
  refusals: ['certificate-awaited']
});

/** The certificate in force for a key of one's own; asks nobody for anything. `expires`: milliseconds since 1970. */
export const ownCertificate = defineCall({
  name: 'counsellor:certificate',
  who: ['counsellor', 'interpreter'],
  request: v.strictObject({ publicKey: PublicKey }),
  value: v.object({ certificate: CertificateText, expires: v.number() }),
  refusals: ['no-certificate', 'certificate-awaited']
});

/** Told to everybody: from now on these certificates are worth nothing. */
export const certificatesRevoked = defineNews(
  'counsellor:certificates-revoked',
  v.object({ serials: v.array(Serial) })
);

/** Told to one account's desks: the lead has signed. */
export const certificateSigned = defineNews('counsellor:certificate-signed', v.strictObject({}));
