import type { Redis } from '../../redis/connection.ts';

/**
 * Into how many parts conversations fall in a cluster. A call carries steps of one part only: few parts
 * join many steps, many parts spread evenly over the servers.
 */
const parts = 64;
const together = '{all}';

/** The hash tag of a conversation, by what stands for its name: all of one, and where nothing is spread all of all. */
export const conversationTag = (redis: Redis, name: Buffer): string =>
  redis.isSpread ? `{part-${name.readUInt8(0) % parts}}` : together;

/** Every tag that a conversation may have. */
export const conversationTags = (redis: Redis): readonly string[] =>
  redis.isSpread ? Array.from({ length: parts }, (_, part) => `{part-${part}}`) : [together];
