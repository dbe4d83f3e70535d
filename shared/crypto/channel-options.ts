import { CERTIFICATE_BYTES } from './certificate.ts';
import type { Sign } from './counsellor-handshake.ts';

type Pair = {
  /** 16 bytes that both sides know this pair by; every pair of a conversation has its own. */
  room: Uint8Array;
  /**
   * 32 bytes that both sides were given beforehand. It opens the first session and no other: once there
   * is a resume key it is not looked at. A page keeps it until the first message has opened, no longer.
   */
  invitation?: Uint8Array | undefined;
  /** From an earlier `secured`, 32 bytes. */
  resumeKey?: Uint8Array | undefined;
};

export type VisitorOptions = Pair & {
  role: 'visitor';
  /** Ed25519, 32 bytes: built into the client. */
  organisationKey: Uint8Array;
  /** Serial numbers of revoked certificates, 32 hexadecimal digits each. */
  revokedSerials?: readonly string[] | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
};

export type CounsellorOptions = Pair & {
  role: 'counsellor';
  /** As issueCertificate makes it. */
  certificate: Uint8Array;
  /** Signs with the key that the certificate names. */
  sign: Sign;
};

/**
 * Two people without a certificate, as a young person and a parent are. Nothing but the invitation says
 * who is there, so one is needed unless a session is resumed. One of the two asks, the other answers.
 */
export type GuestAskingOptions = Pair & {
  role: 'guest-asking';
  /** Milliseconds since 1970. */
  now: () => number;
};

export type GuestAnsweringOptions = Pair & { role: 'guest-answering' };

export type ChannelOptions =
  VisitorOptions | CounsellorOptions | GuestAskingOptions | GuestAnsweringOptions;

/** @throws RangeError when something has the wrong length, or a guest has nothing to prove itself with. */
export function checkOptions(options: ChannelOptions): void {
  const { room, invitation, resumeKey } = options;
  expectLength('room', room, 16);
  if (invitation) expectLength('invitation', invitation, 32);
  if (resumeKey) expectLength('resumeKey', resumeKey, 32);
  if (options.role === 'visitor') expectLength('organisationKey', options.organisationKey, 32);
  else if (options.role === 'counsellor')
    expectLength('certificate', options.certificate, CERTIFICATE_BYTES);
  else if (!invitation && !resumeKey) throw new RangeError('a guest needs an invitation');
}

function expectLength(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new RangeError(`${name} is not ${length} bytes`);
}
