/** The one key whose certificates and clip keys this page accepts; it came with the page. Ed25519, 32 bytes. */
export function organisationKey(): Uint8Array {
  const hex = document.documentElement.dataset.organisation ?? '';
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}
