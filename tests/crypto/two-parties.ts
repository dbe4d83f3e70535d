import { createOrganisationKey, issueCertificate } from '#shared/crypto/certificate.ts';
import {
  createChannel,
  type Channel,
  type ChannelEvent,
  type Sign
} from '#shared/crypto/channel.ts';
import { loadSodium, sodium } from '#shared/crypto/sodium.ts';

await loadSodium();

export const NOW = Date.UTC(2026, 5, 1);
export const room = sodium.randombytes_buf(16);
export const organisation = await createOrganisationKey();

/** A counsellor's key with a certificate by the organisation, or by whom the test says. */
export async function aCounsellorKey(change: Partial<Parameters<typeof issueCertificate>[0]> = {}) {
  const pair = sodium.crypto_sign_keypair();
  const certificate = await issueCertificate({
    organisationSecretKey: organisation.secretKey,
    role: 'counsellor',
    publicKey: pair.publicKey,
    notBefore: NOW - 1000,
    ...change
  });
  const sign: Sign = async (bytes) => sodium.crypto_sign_detached(bytes, pair.privateKey);
  return { certificate, sign, pair };
}

/** A clock that a test moves by hand. */
export const clock = { time: NOW };

export function aVisitor(
  change: {
    resumeKey?: Uint8Array;
    invitation?: Uint8Array;
    room?: Uint8Array;
    revokedSerials?: string[];
  } = {}
): Promise<Channel> {
  const organisationKey = organisation.publicKey;
  return createChannel({
    role: 'visitor',
    room,
    organisationKey,
    now: () => clock.time,
    ...change
  });
}

export async function aCounsellor(
  change: {
    resumeKey?: Uint8Array;
    invitation?: Uint8Array;
    room?: Uint8Array;
    certificate?: Uint8Array;
    sign?: Sign;
  } = {}
): Promise<Channel> {
  const { certificate, sign } = await aCounsellorKey();
  return createChannel({ role: 'counsellor', room, certificate, sign, ...change });
}

type GuestChange = { resumeKey?: Uint8Array; invitation?: Uint8Array; room?: Uint8Array };

/** A young person's end of the pair with a parent. */
export function aGuestWhoAsks(change: GuestChange): Promise<Channel> {
  return createChannel({ role: 'guest-asking', room, now: () => clock.time, ...change });
}

/** A parent's end of the pair with a young person. */
export function aGuestWhoAnswers(change: GuestChange): Promise<Channel> {
  return createChannel({ role: 'guest-answering', room, ...change });
}

export type Heard = { visitor: ChannelEvent[]; counsellor: ChannelEvent[]; frames: Uint8Array[] };

/** Carry frames to and fro until both are silent. `alter` stands for a relay that cheats. */
export async function carry(
  visitor: Channel,
  counsellor: Channel,
  from: 'visitor' | 'counsellor',
  first: readonly Uint8Array[],
  alter: (frame: Uint8Array) => Uint8Array = (frame) => frame
): Promise<Heard> {
  const heard: Heard = { visitor: [], counsellor: [], frames: [] };
  const underway = first.map((frame) => ({ from, frame }));
  for (let next = underway.shift(); next; next = underway.shift()) {
    const to = next.from === 'visitor' ? 'counsellor' : 'visitor';
    const frame = alter(next.frame);
    heard.frames.push(frame);
    const received = await (to === 'visitor' ? visitor : counsellor).receive(frame);
    heard[to].push(...received.events);
    underway.push(...received.send.map((answer) => ({ from: to, frame: answer }) as const));
  }
  return heard;
}

export async function aSecuredPair() {
  const visitor = await aVisitor();
  const counsellor = await aCounsellor();
  const heard = await carry(visitor, counsellor, 'visitor', await visitor.start());
  return {
    visitor,
    counsellor,
    frames: heard.frames,
    visitorSecured: securedIn(heard.visitor),
    counsellorSecured: securedIn(heard.counsellor)
  };
}

export function securedIn(events: readonly ChannelEvent[]) {
  const found = events.find((event) => event.kind === 'secured');
  if (!found) throw new Error(`not secured: ${JSON.stringify(events)}`);
  return found;
}

export function refusalsIn(events: readonly ChannelEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'refused' ? [event.refusal] : []));
}

export async function sealText(channel: Channel, text: string, final = false): Promise<Uint8Array> {
  const sealed = await channel.seal(new TextEncoder().encode(text), { final });
  if (sealed.kind === 'refused') throw new Error(sealed.refusal);
  return sealed.frame;
}

/** The texts of all messages that a channel makes of these frames, or what else it says. */
export async function openTexts(channel: Channel, ...frames: Uint8Array[]): Promise<string[]> {
  const said: string[] = [];
  for (const frame of frames)
    for (const event of (await channel.receive(frame)).events)
      if (event.kind === 'message')
        said.push(new TextDecoder().decode(event.bytes) + (event.final ? ' [final]' : ''));
      else said.push(event.kind === 'refused' ? event.refusal : event.kind);
  return said;
}

export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  const flipped = bytes.slice();
  const at = bit >> 3;
  flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit & 7));
  return flipped;
}

/** Put `part` into a copy of `frame` at an offset. */
export function replaceAt(frame: Uint8Array, offset: number, part: Uint8Array): Uint8Array {
  const replaced = frame.slice();
  replaced.set(part, offset);
  return replaced;
}
