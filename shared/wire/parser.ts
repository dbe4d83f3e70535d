import { Decoder, Encoder, PacketType, type Packet } from 'socket.io-parser';

/** The one Socket.IO event that travels as a bare binary frame; its content is a relay frame. */
export const relayEvent = 'relay';

const isRelay = (packet: Packet): boolean =>
  packet.type === PacketType.EVENT && packet.data[0] === relayEvent;

/**
 * Socket.IO's own packets stay text. A relay frame is one binary WebSocket message, where the stock
 * parser would send two (a placeholder and the bytes).
 */
class FrameEncoder extends Encoder {
  override encode(packet: Packet): unknown[] {
    return isRelay(packet) ? [packet.data[1]] : super.encode(packet);
  }
}

export class FrameDecoder extends Decoder {
  /** Takes relay frames past Socket.IO's dispatch; the server's short way. */
  onRelay: ((frame: Uint8Array) => void) | null = null;

  override add(chunk: unknown): void {
    if (typeof chunk !== 'string') {
      const frame = chunk instanceof ArrayBuffer ? new Uint8Array(chunk) : (chunk as Uint8Array);
      if (this.onRelay) this.onRelay(frame);
      else
        this.emitReserved('decoded', {
          type: PacketType.EVENT,
          nsp: '/',
          data: [relayEvent, frame]
        });
      return;
    }
    // BINARY_EVENT (5) and BINARY_ACK (6) announce attachments; this wire has none.
    if (chunk.startsWith('5') || chunk.startsWith('6')) throw new Error('attachments are not used');
    super.add(chunk);
  }
}

/** The parser for both `socket.io` and `socket.io-client`. */
export const parser = { Encoder: FrameEncoder, Decoder: FrameDecoder };
