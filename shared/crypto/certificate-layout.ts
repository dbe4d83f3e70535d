import { labelled, layoutBytes } from './fields.ts';

/** `service`: the server's own key, which signs the keys of the klippekort and nothing else. */
export const roleBytes = { counsellor: 1, lead: 2, interpreter: 3, service: 4 } as const;
export type CertificateRole = keyof typeof roleBytes;

/** What is signed: lengths in bytes. `notBefore` and `expires` are u64, milliseconds since 1970. */
export const bodyLayout = {
  role: 1,
  keyId: 16,
  publicKey: 32,
  notBefore: 8,
  expires: 8,
  serial: 16
} as const;
export const certificateLayout = { body: layoutBytes(bodyLayout), signature: 64 } as const;

/** @returns undefined when the one byte is no role's. */
export function roleOf(field: Uint8Array): CertificateRole | undefined {
  for (const [role, byte] of Object.entries(roleBytes))
    if (byte === field[0]) return role as CertificateRole;
  return undefined;
}

/** The bytes under a certificate's Ed25519 signature (RFC 8032). */
export const signedCertificate = (body: Uint8Array): Uint8Array =>
  labelled('frirum certificate v1', body);
