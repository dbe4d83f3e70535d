import * as v from 'valibot';
import { Language } from '../visitor/visitor.ts';
import { Base64Url } from '../wire/bytes.ts';
import { Capability, ConversationId } from '../wire/ids.ts';

/** 16 random bytes as base64url: what somebody is called in the rosters of one conversation. */
export const MemberId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{22}$/));
export type MemberId = v.InferOutput<typeof MemberId>;

const Id = v.pipe(v.string(), v.maxLength(22));
export const Hash = Base64Url(32);
export const Epoch = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(0xffff_ffff));

/** Who may be asked to join: by a link, or from among the colleagues. */
export const Guest = v.picklist(['parent', 'interpreter', 'counsellor', 'hand-over']);
export type Guest = v.InferOutput<typeof Guest>;

/** What the people of a conversation tell each other about who takes part; sealed as every message is. */
export const rosterPayloads = [
  /** One of the two asks the other whether somebody may join. */
  v.object({
    kind: v.literal('third-proposed'),
    id: Id,
    who: Guest,
    name: v.optional(v.pipe(v.string(), v.maxLength(80))),
    /** Why an interpreter is wanted: the languages that the counsellor who asks can write. */
    writes: v.optional(v.pipe(v.array(Language), v.maxLength(4)))
  }),
  v.object({ kind: v.literal('third-answered'), id: Id, yes: v.boolean() }),
  /** Both have agreed: the link to pass on; null when it is used or taken back. */
  v.object({
    kind: v.literal('third-link'),
    link: v.nullable(v.pipe(v.string(), v.maxLength(400))),
    who: Guest
  }),
  /** Who is there, signed, and which of them the reader is. */
  v.object({
    kind: v.literal('roster'),
    conversation: ConversationId,
    bytes: Base64Url(800),
    you: MemberId,
    /** Why somebody is no longer in it. */
    gone: v.optional(v.picklist(['left', 'removed']))
  }),
  /** The first word in a new pair: two who have seen different rosters do not go on. */
  v.object({ kind: v.literal('roster-seen'), epoch: Epoch, hash: Hash }),
  /** The right to a room with another member, and for two without a certificate a key to know each other by. */
  v.object({
    kind: v.literal('pair-introduced'),
    member: MemberId,
    /** The conversation that it belongs to. */
    of: ConversationId,
    conversation: ConversationId,
    capability: Capability,
    invitation: v.nullable(Base64Url(32)),
    /** One of the two is a counsellor, who answers with a certificate. */
    certified: v.boolean(),
    /** Whether the reader is the one who asks. */
    asking: v.boolean()
  }),
  /** The room with another member is lost, or has not come: asked of the counsellor. */
  v.object({ kind: v.literal('pair-asked'), member: MemberId })
] as const;

export type RosterPayload = v.InferOutput<(typeof rosterPayloads)[number]>;
