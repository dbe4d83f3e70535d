import type { FinishRefusal, HelloRefusal } from './counsellor-handshake.ts';
import type { Session } from './session.ts';
import type { AcceptedCertificate, ReplyRefusal } from './check-reply.ts';

export type ChannelRefusal =
  | HelloRefusal
  | ReplyRefusal
  | FinishRefusal
  /** A handshake frame that nobody waits for. */
  | 'out-of-order'
  /** A RESTART within RESTART_PAUSE of the last HELLO. */
  | 'too-soon'
  /** A sealed frame of a session that is not open, or our own one coming back. */
  | 'unknown-session'
  | 'tampered'
  | 'after-final'
  | 'channel-dead';

export type ChannelEvent =
  | {
      kind: 'secured';
      /** Six decimal digits, the same on both sides. */
      shortCode: string;
      /** 32 bytes; kept by the page, it lets this side continue after a reload. */
      resumeKey: Uint8Array;
      resumed: boolean;
      /** 16 bytes: keyIdOf the counsellor's certified key, or of a visitor's or guest's session id. */
      peerKeyId: Uint8Array;
      /** In the role 'visitor': the counsellor's certificate as it was accepted. */
      certificate?: AcceptedCertificate | undefined;
    }
  | { kind: 'message'; bytes: Uint8Array; final: boolean }
  /** Frames are missing: the same ciphertexts from `expected` on must be sent again. */
  | { kind: 'gap'; expected: number }
  /** Nothing of the frame was used. When `fatal`, the channel is dead and seals nothing any more. */
  | { kind: 'refused'; refusal: ChannelRefusal; fatal: boolean };

export type Received = { send: Uint8Array[]; events: ChannelEvent[] };

/** The first byte of a frame. RESTART is one byte: the counsellor asks for a new HELLO. */
export const frameKinds = {
  hello: 1,
  reply: 2,
  finish: 3,
  ready: 4,
  sealed: 5,
  restart: 6
} as const;

export type FrameKind = keyof typeof frameKinds;

export function frameOf(kind: FrameKind, body: Uint8Array): Uint8Array {
  const frame = new Uint8Array(1 + body.length);
  frame[0] = frameKinds[kind];
  frame.set(body, 1);
  return frame;
}

/** @returns undefined when the first byte is no kind. */
export function readKind(frame: Uint8Array): FrameKind | undefined {
  for (const kind of Object.keys(frameKinds) as FrameKind[])
    if (frameKinds[kind] === frame[0]) return kind;
  return undefined;
}

export function refused(refusal: ChannelRefusal, fatal = false): Received {
  return { send: [], events: [{ kind: 'refused', refusal, fatal }] };
}

/** The news that a session is in use. The resume key is a copy: ours is overwritten in time. */
export function securedBy(session: Session): ChannelEvent {
  const { shortCode, resumed, peerKeyId, certificate } = session;
  const resumeKey = session.resumeKey.slice();
  return { kind: 'secured', shortCode, resumed, peerKeyId, certificate, resumeKey };
}
