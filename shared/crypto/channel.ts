import { CERTIFICATE_BYTES } from './certificate.ts';
import {
  frameOf,
  readKind,
  refused,
  type ChannelEvent,
  type FrameKind,
  type Received
} from './channel-events.ts';
import type { Sign } from './counsellor-handshake.ts';
import { createCounsellorSide } from './counsellor-side.ts';
import { inOrder } from './in-order.ts';
import { createOpenSessions, type OpenSessions } from './open-sessions.ts';
import { loadSodium } from './sodium.ts';
import { createVisitorSide } from './visitor-side.ts';

export type { ChannelEvent, Received, Sign };

export type VisitorOptions = {
  role: 'visitor';
  /** 16 bytes that both sides know the conversation by. */
  room: Uint8Array;
  /** Ed25519, 32 bytes: built into the client. */
  organisationKey: Uint8Array;
  /** Serial numbers of revoked certificates, 32 hexadecimal digits each. */
  revokedSerials?: readonly string[] | undefined;
  /** From an earlier `secured`, 32 bytes. */
  resumeKey?: Uint8Array | undefined;
  /** Milliseconds since 1970. */
  now: () => number;
};

export type CounsellorOptions = {
  role: 'counsellor';
  room: Uint8Array;
  /** As issueCertificate makes it. */
  certificate: Uint8Array;
  /** Signs with the key that the certificate names. */
  sign: Sign;
  resumeKey?: Uint8Array | undefined;
};

export type ChannelOptions = VisitorOptions | CounsellorOptions;

export type SealRefusal = 'not-secured' | 'too-long' | 'after-final' | 'channel-dead';
export type Sealed =
  { kind: 'sealed'; frame: Uint8Array } | { kind: 'refused'; refusal: SealRefusal };

export type Channel = {
  /**
   * Frames to send first: HELLO from a visitor, RESTART from a counsellor with a resume key, else
   * nothing. Called again it asks again, which is right when the other side has stayed silent.
   */
  start(): Promise<Uint8Array[]>;
  /** Take one frame of the other side, in order. Never throws for what is in the frame. */
  receive(frame: Uint8Array): Promise<Received>;
  /** Encrypt at most LONGEST_MESSAGE bytes. After `final` nothing more is sealed in this session. */
  seal(bytes: Uint8Array, options?: { final?: boolean }): Promise<Sealed>;
  /** Overwrite the keys. The channel is dead afterwards. */
  forget(): void;
};

/**
 * One end of an encrypted conversation between a visitor and a counsellor (our design,
 * conversation-encryption). Pure: it sends nothing, waits for nothing and reads no clock.
 *
 * The first byte of a frame is its kind. The relay in between is not trusted: whatever it changes,
 * repeats, leaves out or makes up is refused or ignored. A visitor seals nothing before a certificate
 * was accepted, the counsellor proved to hold its key, and READY confirmed the keys.
 *
 * @throws SodiumCannotLoad, or RangeError when a key, room or certificate has the wrong length.
 */
export async function createChannel(options: ChannelOptions): Promise<Channel> {
  await loadSodium();
  checkLengths(options);
  const sessions = createOpenSessions(options.resumeKey);
  const side = sideOf(options, sessions);
  const run = inOrder();
  let isDead = false;

  function forget(): void {
    isDead = true;
    // In order: a signature that is still awaited must not leave keys behind.
    void run(() => {
      side.forget();
      sessions.forget();
    });
  }

  async function take(frame: Uint8Array): Promise<Received> {
    if (isDead) return refused('channel-dead', true);
    const kind = readKind(frame);
    const body = frame.subarray(1);
    if (kind === 'sealed') {
      const events = openSealed(sessions, body);
      side.dropStaleAnswer?.();
      return { send: [], events };
    }
    const received = await side.hear(kind, body);
    if (received.events.some((event) => event.kind === 'refused' && event.fatal)) forget();
    return received;
  }

  function sealNext(bytes: Uint8Array, final: boolean): Sealed {
    if (isDead) return { kind: 'refused', refusal: 'channel-dead' };
    const sealed = sessions.seal(bytes, final);
    if (!sealed) return { kind: 'refused', refusal: 'not-secured' };
    if (sealed.kind === 'refused') return sealed;
    return { kind: 'sealed', frame: frameOf('sealed', sealed.frame) };
  }

  return {
    start: () => run(() => (isDead ? [] : side.start())),
    receive: (frame) => run(() => take(frame)),
    seal: (bytes, { final = false } = {}) => run(() => sealNext(bytes, final)),
    forget
  };
}

type Side = {
  start(): Uint8Array[];
  hear(kind: FrameKind | undefined, body: Uint8Array): Received | Promise<Received>;
  dropStaleAnswer?(): void;
  forget(): void;
};

function sideOf(options: ChannelOptions, sessions: OpenSessions): Side {
  return options.role === 'visitor'
    ? createVisitorSide(options, sessions)
    : createCounsellorSide(options, sessions);
}

function openSealed(sessions: OpenSessions, body: Uint8Array): ChannelEvent[] {
  const opened = sessions.open(body);
  if (!opened) return refused('unknown-session').events;
  if (opened.kind === 'duplicate') return [];
  if (opened.kind === 'refused') return refused(opened.refusal).events;
  return [opened];
}

function checkLengths(options: ChannelOptions): void {
  expectLength('room', options.room, 16);
  if (options.resumeKey) expectLength('resumeKey', options.resumeKey, 32);
  if (options.role === 'visitor') expectLength('organisationKey', options.organisationKey, 32);
  else expectLength('certificate', options.certificate, CERTIFICATE_BYTES);
}

function expectLength(name: string, bytes: Uint8Array, length: number): void {
  if (bytes.length !== length) throw new RangeError(`${name} is not ${length} bytes`);
}
