import { createPrivateKey, createPublicKey } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { CannotStart, codeOf } from '#server/store/durable/cannot-start.ts';

/** A secret key in a file of its own: words behind `#`, then 64 bytes (Ed25519 seed and public key) in hex. */
export const keyFileOf = (words: readonly string[], secretKey: Uint8Array): string =>
  [...words.map((line) => `# ${line}`), Buffer.from(secretKey).toString('hex'), ''].join('\n');

/**
 * What stands in a key file below its words: the secret key and whatever lines follow; null when there
 * is no file. Throws `CannotStart` when others can read it or it is damaged.
 */
export function readKeyFile(
  path: string,
  withoutIt: string
): { secretKey: Uint8Array; lines: readonly string[] } | null {
  const content = read(path);
  if (content === null) return null;
  const [hex = '', ...lines] = content.split('\n').filter((line) => line && !line.startsWith('#'));
  const secretKey = new Uint8Array(Buffer.from(hex, 'hex'));
  if (!/^[0-9a-f]{128}$/.test(hex) || !isWhole(secretKey)) {
    throw new CannotStart(
      `Frirum cannot start: ${path} is damaged. Put a copy of it back; ${withoutIt}`
    );
  }
  return { secretKey, lines };
}

function read(path: string): string | null {
  try {
    if ((statSync(path).mode & 0o077) !== 0) {
      throw new CannotStart(
        `Frirum cannot start: others on this machine can read ${path}. Run: chmod 600 ${path}`
      );
    }
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof CannotStart) throw error;
    if (codeOf(error) === 'ENOENT') return null;
    throw new CannotStart(
      `Frirum cannot start: ${path} cannot be read (${codeOf(error)}). Let this user read it.`
    );
  }
}

/** PKCS #8 around an Ed25519 seed (RFC 8410, section 7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A secret key's second half is the public key of its first. */
function isWhole(secretKey: Uint8Array): boolean {
  const key = Buffer.concat([PKCS8, secretKey.subarray(0, 32)]);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url').equals(secretKey.subarray(32));
}
