import * as v from 'valibot';
import { Base64Url } from '../wire/bytes.ts';
import { defineCall } from '../wire/define-call.ts';

const Nothing = v.strictObject({});
const Bytes32 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/));
const Sealed = Base64Url(45_000);
/** age1pq…: ML-KEM-768 with X25519. */
const Recipient = v.pipe(v.string(), v.regex(/^age1pq1[0-9a-z]{1,2100}$/));
const Signed = {
  recipient: Recipient,
  /** CERTIFICATE_BYTES, and a signature of 64. */
  certificate: Base64Url(400),
  signature: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{85}[AQgw]$/))
};

/** Who can read what is sealed to the team. The device checks each (shared/crypto/team-recipients.ts) and trusts nobody for it. */
export const teamRecipients = defineCall({
  name: 'message:recipients',
  who: 'anyone',
  request: Nothing,
  value: v.object({ recipients: v.array(v.object(Signed)) }),
  refusals: []
});

/** A counsellor's own recipient, signed with the certified key; a new one takes the place of the last. */
export const putRecipient = defineCall({
  name: 'message:put-recipient',
  who: 'counsellor',
  request: v.strictObject(Signed),
  value: Nothing,
  refusals: ['not-signed', 'too-many-recipients']
});

/** `code` is its name (a hash of it), `id` ties the sealed words to this message, `recipient` is the visitor's own for one answer. */
export const leaveMessage = defineCall({
  name: 'message:leave',
  who: 'anyone',
  request: v.strictObject({
    code: Bytes32,
    sealed: Sealed,
    recipient: Recipient,
    proof: v.pipe(v.string(), v.maxLength(4000))
  }),
  /** The answer is there until this moment at most, in milliseconds since 1970. */
  value: v.object({ until: v.number() }),
  refusals: [
    'proof-refused',
    'proof-expired',
    'proof-used',
    'note-too-long',
    'code-known',
    'house-busy'
  ]
});

/** With the code itself: 32 bytes, made and kept by the visitor's device. */
export const lookForAnswer = defineCall({
  name: 'message:look',
  who: 'anyone',
  request: v.strictObject({ code: Bytes32 }),
  /** `until`: as when it was left. */
  value: v.object({ answer: v.nullable(Sealed), until: v.number() }),
  refusals: ['unknown-code']
});

/** Read, or no longer wanted: it is gone at once, for the team too. */
export const forgetMessage = defineCall({
  name: 'message:forget',
  who: 'anyone',
  request: v.strictObject({ code: Bytes32 }),
  value: Nothing,
  refusals: ['unknown-code']
});

/** Named by a keyed hash of the code. */
const MessageId = Bytes32;

export const waitingMessages = defineCall({
  name: 'message:waiting',
  who: 'counsellor',
  request: Nothing,
  value: v.object({
    messages: v.array(
      v.object({
        message: MessageId,
        /** Days that are left until it is gone. */
        days: v.number()
      })
    )
  }),
  refusals: []
});

export const readMessage = defineCall({
  name: 'message:read',
  who: 'counsellor',
  request: v.strictObject({ message: MessageId }),
  value: v.object({
    sealed: Sealed,
    recipient: Recipient,
    /** 16 bytes: what the sealed words must say they belong to, and the answer as well. */
    id: v.string()
  }),
  refusals: ['unknown-message']
});

export const answerMessage = defineCall({
  name: 'message:answer',
  who: 'counsellor',
  request: v.strictObject({ message: MessageId, sealed: Sealed }),
  value: Nothing,
  refusals: ['unknown-message', 'already-answered', 'note-too-long']
});

/** What a network meeting is to be about: sealed under a key that only who is invited has. */
export const seeAgenda = defineCall({
  name: 'booking:see-agenda',
  who: 'anyone',
  request: v.strictObject({ ticket: Bytes32 }),
  value: v.object({ items: v.array(v.object({ id: v.string(), sealed: Sealed })) }),
  refusals: ['unknown-ticket', 'not-a-network-meeting']
});

export const addToAgenda = defineCall({
  name: 'booking:add-to-agenda',
  who: 'anyone',
  request: v.strictObject({
    ticket: Bytes32,
    /** 16 bytes made by the device: asked again, it is the same item. */
    id: v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{21}[AQgw]$/)),
    /** An item, or its key sealed to the team. */
    sealed: Sealed
  }),
  value: Nothing,
  refusals: [
    'unknown-ticket',
    'not-a-network-meeting',
    'already-over',
    'agenda-full',
    'note-too-long'
  ]
});
