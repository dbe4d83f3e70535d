import { beforeAll, describe, expect, it } from 'vitest';
import { createOrganisationKey, type OrganisationKey } from '#shared/crypto/certificate.ts';
import { readRootKey } from '#shared/crypto/root-key.ts';

let key: OrganisationKey;
let other: OrganisationKey;
beforeAll(async () => {
  [key, other] = await Promise.all([createOrganisationKey(), createOrganisationKey()]);
});

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const read = (text: string) => readRootKey(Buffer.from(text));

describe('the file that the lead keeps', () => {
  it('is read, whatever an editor or a printer has done to its lines', async () => {
    const hex = hexOf(key.secretKey);
    for (const text of [
      hex,
      `# Frirum: 0123abc\n# keep it offline\n${hex}\n`,
      `\ufeff# Frirum\r\n${hex.slice(0, 64)}\r\n${hex.slice(64)}\r\n`,
      `${hex.match(/.{4}/g)?.join(' ')} # the end`,
      hex.toUpperCase()
    ])
      expect(await read(text), text).toEqual(key);
  });

  it.each([
    ['nothing', () => ''],
    ['only words', () => '# Frirum organisation key'],
    ['half a key', () => hexOf(key.secretKey).slice(64)],
    ['a digit too many', () => `${hexOf(key.secretKey)}0`],
    ['a key and another sign', () => `${hexOf(key.secretKey)}x`],
    ['halves of two keys', () => hexOf(key.secretKey).slice(0, 64) + hexOf(other.publicKey)],
    ['a changed digit', () => hexOf(key.secretKey).replace(/^./, (d) => (d === '0' ? '1' : '0'))],
    ['a picture', () => '\u0089PNG\r\n\u001a\n']
  ])('is not %s', async (_, text) => expect(await read(text())).toBeUndefined());
});
