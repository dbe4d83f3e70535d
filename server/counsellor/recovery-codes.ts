import { createHmac, randomInt } from 'node:crypto';

const HOW_MANY = 10;
/** Crockford's Base32 without what looks alike. */
const letters = '0123456789abcdefghjkmnpqrstvwxyz';

const oneCode = (): string => Array.from({ length: 10 }, () => letters[randomInt(32)]).join('');

/** Ten codes of 50 random bits, such as `7k2m9-qx4hd`: each stands in for one one-time code, once. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: HOW_MANY }, () => oneCode().replace(/.{5}/, '$&-'));
}

/** What is stored of a code: 32 bytes, HMAC-SHA256 under the server's secret, bound to its account. */
export function recoveryHash(code: string, account: string, serverSecret: Uint8Array): Uint8Array {
  const read = code
    .toLowerCase()
    .replaceAll(/[\s-]/g, '')
    .replaceAll('o', '0')
    .replaceAll(/[il]/g, '1');
  return createHmac('sha256', serverSecret).update(`recovery ${account} ${read}`).digest();
}
