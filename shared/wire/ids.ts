import * as v from 'valibot';

/** 16 random bytes as base64url: 22 characters. */
export const ConversationId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/));
export type ConversationId = v.InferOutput<typeof ConversationId>;

/** A token the server signs: the right to one role in one conversation. */
export const Capability = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{40,120}$/));
export type Capability = v.InferOutput<typeof Capability>;
