/** The name of the key that a certificate is about: 16 bytes after the role byte, see keyIdOf. Not checked. */
export const certificateKeyId = (certificate: Uint8Array): Uint8Array => certificate.slice(1, 17);
