const digits = 16;

/**
 * A device's key as digits that two people can compare over the telephone, in groups of four: 53 bits of
 * SHA-256 (FIPS 180-4) over the public key (Ed25519, 32 bytes) under a label. A server that asks a lead to
 * sign a key of its own cannot show the digits that the colleague reads out.
 */
export async function keyCode(publicKey: Uint8Array): Promise<string> {
  const labelled = new Uint8Array([
    ...new TextEncoder().encode('frirum device code v1'),
    ...publicKey
  ]);
  const hash = new DataView(await crypto.subtle.digest('SHA-256', labelled));
  const number = hash.getBigUint64(0) % 10n ** BigInt(digits);
  return (String(number).padStart(digits, '0').match(/.{4}/g) ?? []).join(' ');
}
