import {
  frameOf,
  readKind,
  refused,
  type ChannelEvent,
  type FrameKind,
  type Received
} from './channel-events.ts';
import { checkOptions, type ChannelOptions } from './channel-options.ts';
import type { Sign } from './counsellor-handshake.ts';
import { createCounsellorSide } from './counsellor-side.ts';
import { inOrder } from './in-order.ts';
import { createOpenSessions, type OpenSessions } from './open-sessions.ts';
import { loadSodium } from './sodium.ts';
import { createVisitorSide } from './visitor-side.ts';

export type { ChannelEvent, ChannelOptions, Received, Sign };

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
 * One end of an encrypted conversation between two: a visitor and a counsellor, or two guests whom a
 * counsellor introduced (our design, conversation-encryption). More people are more pairs. Pure: it sends nothing, waits for nothing and reads no clock.
 *
 * The first byte of a frame is its kind. The relay in between is not trusted: whatever it changes,
 * repeats, leaves out or makes up is refused or ignored. A visitor seals nothing before a certificate
 * was accepted, the counsellor proved to hold its key, and READY confirmed the keys; a guest seals
 * nothing before the other proved to know the invitation.
 *
 * @throws SodiumCannotLoad, or RangeError when a key, room or certificate has the wrong length,
 * or a guest has neither invitation nor resume key.
 */
export async function createChannel(options: ChannelOptions): Promise<Channel> {
  await loadSodium();
  checkOptions(options);
  const sessions = createOpenSessions(options.resumeKey, options.invitation);
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
  const { room } = options;
  if (options.role === 'counsellor') {
    const { certificate, sign } = options;
    return createCounsellorSide({ room, certified: { certificate, sign } }, sessions);
  }
  if (options.role === 'guest-answering')
    return createCounsellorSide({ room, certified: undefined }, sessions);
  if (options.role === 'guest-asking')
    return createVisitorSide({ room, now: options.now, trust: 'bond' }, sessions);
  const { organisationKey, revokedSerials, now } = options;
  return createVisitorSide({ room, now, trust: { organisationKey, revokedSerials } }, sessions);
}

function openSealed(sessions: OpenSessions, body: Uint8Array): ChannelEvent[] {
  const opened = sessions.open(body);
  if (!opened) return refused('unknown-session').events;
  if (opened.kind === 'duplicate') return [];
  if (opened.kind === 'refused') return refused(opened.refusal).events;
  return [opened];
}
