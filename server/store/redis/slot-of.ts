const slots = 16_384;

/** What stands between the first braces, by which a cluster keeps keys together; else the whole key. */
export function tagOf(key: string): string {
  const from = key.indexOf('{');
  const until = from < 0 ? -1 : key.indexOf('}', from + 1);
  return until > from + 1 ? key.slice(from + 1, until) : key;
}

/**
 * The hash slot of a tag, 0 to 16383: CRC-16/XMODEM of its bytes, as the Redis Cluster specification has it
 * under "Key distribution model".
 */
export function slotOf(tag: string): number {
  let crc = 0;
  for (const byte of Buffer.from(tag)) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1)
      crc = (crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc % slots;
}
