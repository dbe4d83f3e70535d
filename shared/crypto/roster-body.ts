import { CERTIFICATE_BYTES } from './certificate.ts';
import { joinBytes, layoutBytes, readFields, readU32, writeFields, writeU32 } from './fields.ts';

const roleBytes = { visitor: 1, parent: 2, interpreter: 3, counsellor: 4, guest: 5 } as const;
export type MemberRole = keyof typeof roleBytes;

/** One of the people in a conversation. */
export type Member = {
  /** 16 random bytes, for this conversation only. */
  id: Uint8Array;
  role: MemberRole;
  /** What they want to be called: at most LONGEST_NAME bytes of UTF-8, and nobody has checked it. */
  name: string;
  /** 16 bytes: keyIdOf the certified key of a counsellor; zeros for everybody else. */
  keyId: Uint8Array;
};

export type RosterBody = {
  /** 16 bytes: the room of the first pair. */
  conversation: Uint8Array;
  /** Counts the rosters of a conversation, from 1. */
  epoch: number;
  /** 32 bytes: hash of the roster before; zeros in the first. */
  previous: Uint8Array;
  members: readonly Member[];
  /** The signer's, CERTIFICATE_BYTES. */
  certificate: Uint8Array;
};

export const LONGEST_NAME = 80;

const headLayout = {
  conversation: 16,
  epoch: 4,
  previous: 32,
  certificate: CERTIFICATE_BYTES,
  members: 1
} as const;
const HEAD_BYTES = layoutBytes(headLayout);

const memberLayout = { id: 16, role: 1, keyId: 16, name: 1 } as const;
const MEMBER_BYTES = layoutBytes(memberLayout);

/**
 * conversation16 ‖ epoch u32 ‖ previous32 ‖ CERT ‖ u8 members ‖ each: id16 ‖ role u8 ‖ keyId16 ‖ u8 length
 * of the name ‖ name. @throws when a length or a number does not fit.
 */
export function writeRosterBody(roster: RosterBody): Uint8Array {
  const { conversation, epoch, previous, members, certificate } = roster;
  const head = writeFields(headLayout, {
    conversation,
    epoch: writeU32(epoch),
    previous,
    certificate,
    members: u8(members.length)
  });
  return joinBytes(head, ...members.map(writeMember));
}

/** @returns undefined unless `bytes` are exactly what writeRosterBody makes. */
export function readRosterBody(bytes: Uint8Array): RosterBody | undefined {
  const head = readFields(headLayout, bytes.subarray(0, HEAD_BYTES));
  const epoch = head && readU32(head.epoch);
  if (!head || !epoch) return undefined;
  const members: Member[] = [];
  let at = HEAD_BYTES;
  for (let left = head.members[0] ?? 0; left > 0; left -= 1) {
    const nameAt = at + MEMBER_BYTES;
    const end = nameAt + (bytes[nameAt - 1] ?? 0);
    const member = readMember(bytes.subarray(at, nameAt), bytes.subarray(nameAt, end));
    if (!member) return undefined;
    members.push(member);
    at = end;
  }
  if (at !== bytes.length) return undefined;
  const { conversation, previous, certificate } = head;
  // The first has none before it, and every other one has.
  if (isZero(previous) !== (epoch === 1)) return undefined;
  return { conversation, epoch, previous, members, certificate };
}

function writeMember({ id, role, keyId, name }: Member): Uint8Array {
  const text = new TextEncoder().encode(name);
  if (text.length > LONGEST_NAME)
    throw new RangeError(`a name is longer than ${LONGEST_NAME} bytes`);
  const fields = { id, role: u8(roleBytes[role]), keyId, name: u8(text.length) };
  return joinBytes(writeFields(memberLayout, fields), text);
}

function readMember(bytes: Uint8Array, text: Uint8Array): Member | undefined {
  const fields = readFields(memberLayout, bytes);
  const role = fields && roleOf(fields.role);
  const name = text.length > LONGEST_NAME ? undefined : readText(text);
  if (!fields || !role || name === undefined) return undefined;
  if (isZero(fields.keyId) === (role === 'counsellor')) return undefined;
  return { id: fields.id, role, name, keyId: fields.keyId };
}

function roleOf(field: Uint8Array): MemberRole | undefined {
  return (Object.keys(roleBytes) as MemberRole[]).find((role) => roleBytes[role] === field[0]);
}

function readText(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function u8(value: number): Uint8Array {
  if (value > 255) throw new RangeError('more than 255');
  return Uint8Array.of(value);
}
