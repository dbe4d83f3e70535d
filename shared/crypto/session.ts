import { sameBytes, wipe } from './digest.ts';
import { joinBytes } from './fields.ts';
import type { AcceptedCertificate } from './check-reply.ts';
import type { Opener, OpenResult, Sealer, SealResult } from './stream.ts';

const TAG_BYTES = 8;

/** What both sides hold once the handshake is confirmed. */
export type Session = {
  shortCode: string;
  /** k6, 32 bytes. */
  resumeKey: Uint8Array;
  resumed: boolean;
  /** keyIdOf the counsellor's certified key, or of a visitor's or guest's session id. */
  peerKeyId: Uint8Array;
  /** What the visitor accepted; undefined for a counsellor and between guests. */
  certificate: AcceptedCertificate | undefined;
  seal(message: Uint8Array, final: boolean): SealResult;
  /** Whether the frame says that it is of this session and for us. */
  isFor(frame: Uint8Array): boolean;
  open(frame: Uint8Array): OpenResult;
  forget(): void;
};

/** Join two streams into a session. Frame = 8-byte session tag ‖ frame of the stream. */
export function createSession(parts: {
  shortCode: string;
  resumeKey: Uint8Array;
  resumed: boolean;
  peerKeyId: Uint8Array;
  certificate?: AcceptedCertificate | undefined;
  sealer: Sealer;
  opener: Opener;
  tagOut: Uint8Array;
  tagIn: Uint8Array;
}): Session {
  const { sealer, opener, tagOut, tagIn, shortCode, resumeKey, resumed, peerKeyId } = parts;
  return {
    shortCode,
    resumeKey,
    resumed,
    peerKeyId,
    certificate: parts.certificate,

    seal(message, final) {
      const sealed = sealer.seal(message, final);
      if (sealed.kind === 'refused') return sealed;
      return { kind: 'sealed', frame: joinBytes(tagOut, sealed.frame) };
    },

    isFor: (frame) => sameBytes(frame.subarray(0, TAG_BYTES), tagIn),

    open: (frame) => opener.open(frame.subarray(TAG_BYTES)),

    forget() {
      sealer.forget();
      opener.forget();
      wipe(resumeKey);
    }
  };
}
