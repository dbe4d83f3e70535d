import type { Redis } from '../../redis/connection.ts';
import { conversationTags } from './conversation-tag.ts';

/** What is told to a line, as the script numbers it. */
export const Told = {
  message: 1,
  status: 2,
  here: 3,
  away: 4,
  moved: 5,
  closed: 6,
  returned: 7
} as const;

/** kind u8 ‖ line u32 ‖ length u32, big endian, then the body. */
const headBytes = 9;

type Hear = (
  line: number,
  kind: number,
  first: number,
  second: number,
  frame: Uint8Array | undefined
) => void;

/**
 * The channel of this node, one for each tag of conversations: what other nodes' calls have for its
 * lines, several records in one message. Never trusted to be whole: what it loses, the next sync brings.
 */
export async function listen(redis: Redis, node: string, hear: Hear): Promise<void> {
  await Promise.all(
    conversationTags(redis).map((tag) =>
      redis.subscribe(`frirum:node:${tag}:${node}`, (bytes) => readPost(bytes, hear))
    )
  );
}

function readPost(bytes: Buffer, hear: Hear): void {
  for (let at = 0; at + headBytes <= bytes.length;) {
    const kind = bytes.readUInt8(at);
    const line = bytes.readUInt32BE(at + 1);
    const length = bytes.readUInt32BE(at + 5);
    const body = bytes.subarray(at + headBytes, at + headBytes + length);
    at += headBytes + length;
    if (kind === Told.message) hear(line, kind, 0, 0, body);
    else if (length === 8) hear(line, kind, body.readUInt32BE(0), body.readUInt32BE(4), undefined);
  }
}
