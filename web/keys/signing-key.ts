import { keptOnce } from './kept-once.ts';

/** The counsellor's signing key: Ed25519 (RFC 8032), held by the browser and never given out. */
export type SigningKey = {
  /** 32 bytes, for the certificate. */
  publicKey: Uint8Array;
  /** Non-extractable; hand it to openKeys. */
  privateKey: CryptoKey;
};

export type LoadedSigningKey =
  | ({ kind: 'loaded' } & SigningKey)
  /** The browser has no Ed25519, or keeps nothing (a private window). */
  | { kind: 'refused'; refusal: 'no-ed25519' | 'no-storage' };

const place = { database: 'frirum-keys', store: 'signing-key' };

/** The signing key of this browser; made the first time and stored in IndexedDB. */
export async function loadSigningKey(): Promise<LoadedSigningKey> {
  try {
    const kept = await keptOnce(place, isSigningKey, makeKey);
    return kept ? { kind: 'loaded', ...kept } : { kind: 'refused', refusal: 'no-ed25519' };
  } catch {
    return { kind: 'refused', refusal: 'no-storage' };
  }
}

async function makeKey(): Promise<SigningKey | undefined> {
  try {
    // The public half is always extractable; `false` is about the private one.
    const pair = await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    if (!('privateKey' in pair)) return undefined;
    const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
    return { publicKey, privateKey: pair.privateKey };
  } catch {
    return undefined;
  }
}

function isSigningKey(stored: unknown): stored is SigningKey {
  return (
    typeof stored === 'object' &&
    stored !== null &&
    'publicKey' in stored &&
    stored.publicKey instanceof Uint8Array &&
    'privateKey' in stored &&
    stored.privateKey instanceof CryptoKey
  );
}
