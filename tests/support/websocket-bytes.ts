/** One WebSocket frame as it was on the wire (RFC 6455, section 5.2), unmasked. */
export interface WireFrame {
  readonly opcode: number;
  /** Set when an extension has changed the payload, e.g. compressed it. */
  readonly isExtended: boolean;
  readonly payload: Buffer;
}

/** Reads frames out of a stream's chunks, however they are cut. */
export class FrameReader {
  private rest = Buffer.alloc(0);

  read(chunk: Buffer): WireFrame[] {
    this.rest = Buffer.concat([this.rest, chunk]);
    const frames: WireFrame[] = [];
    for (let frame = this.next(); frame; frame = this.next()) frames.push(frame);
    return frames;
  }

  private next(): WireFrame | null {
    const { rest } = this;
    if (rest.length < 2) return null;
    const [first = 0, second = 0] = rest;
    const short = second & 0x7f;
    const lengthBytes = short === 127 ? 8 : short === 126 ? 2 : 0;
    const maskAt = 2 + lengthBytes;
    const payloadAt = maskAt + (second & 0x80 ? 4 : 0);
    if (rest.length < payloadAt) return null;
    const length =
      lengthBytes === 8
        ? Number(rest.readBigUInt64BE(2))
        : lengthBytes === 2
          ? rest.readUInt16BE(2)
          : short;
    if (rest.length < payloadAt + length) return null;
    const mask = rest.subarray(maskAt, payloadAt);
    const payload = Buffer.from(rest.subarray(payloadAt, payloadAt + length));
    if (mask.length > 0)
      for (let at = 0; at < payload.length; at += 1)
        payload[at] = (payload[at] ?? 0) ^ (mask[at % 4] ?? 0);
    this.rest = Buffer.from(rest.subarray(payloadAt + length));
    return { opcode: first & 0x0f, isExtended: (first & 0x70) !== 0, payload };
  }
}
