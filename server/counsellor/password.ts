import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);
const TAG_BYTES = 32;
const PARAMETERS = 'm=65536,t=3,p=1';

const tagOf = (password: string, salt: Buffer): Promise<Buffer> =>
  derive('argon2id', {
    message: password.normalize('NFC'),
    nonce: salt,
    memory: 65_536,
    passes: 3,
    parallelism: 1,
    tagLength: TAG_BYTES
  });

const phc = (salt: Buffer, tag: Buffer): string =>
  `$argon2id$v=19$${PARAMETERS}$${base64(salt)}$${base64(tag)}`;

const base64 = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

/** Argon2id (RFC 9106), 64 MiB, 3 passes, as a PHC string with 16 random bytes of salt. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return phc(salt, await tagOf(password, salt));
}

/** A hash no password has, checked for names that do not exist so that they take the same time. */
export const hashOfNobody = (): string => phc(randomBytes(16), randomBytes(TAG_BYTES));

/** Throws when the hash is none of ours: a damaged store, not a wrong password. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  const [, kind, version, parameters, salt, tag] = hash.split('$');
  if (kind !== 'argon2id' || version !== 'v=19' || parameters !== PARAMETERS || !salt || !tag) {
    throw new Error('a stored password hash is damaged');
  }
  const expected = Buffer.from(tag, 'base64');
  const actual = await tagOf(password, Buffer.from(salt, 'base64'));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}
