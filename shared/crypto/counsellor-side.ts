import { frameOf, refused, securedBy, type FrameKind, type Received } from './channel-events.ts';
import {
  answerHello,
  confirmFinish,
  forgetAnswer,
  type Answer,
  type Certified
} from './counsellor-handshake.ts';
import { sameBytes } from './digest.ts';
import type { OpenSessions } from './open-sessions.ts';

/**
 * The counsellor's part of the handshake, which is also the part of the guest who answers. Nothing that
 * is refused changes it, and the session that is open stays open until FINISH proves that the visitor holds the new keys.
 */
export function createCounsellorSide(
  own: { room: Uint8Array; certified: Certified | undefined },
  sessions: OpenSessions
) {
  let answer: Answer | undefined;
  /** The last FINISH that was right, and READY: the same FINISH again is answered the same. */
  let done: { finishBytes: Uint8Array; readyBytes: Uint8Array } | undefined;
  let hasStarted = false;

  function dropAnswer(): void {
    if (answer) forgetAnswer(answer);
    answer = undefined;
  }

  async function hearHello(body: Uint8Array): Promise<Received> {
    if (answer && sameBytes(answer.helloBytes, body))
      return { send: [frameOf('reply', answer.replyBytes)], events: [] };
    const answered = await answerHello(body, {
      ...own,
      resumeKeys: sessions.resumeKeys(),
      invitation: sessions.invitation()
    });
    if (answered.kind === 'refused') return refused(answered.refusal);
    dropAnswer();
    answer = answered.answer;
    return { send: [frameOf('reply', answer.replyBytes)], events: [] };
  }

  function hearFinish(body: Uint8Array): Received {
    if (done && sameBytes(done.finishBytes, body))
      return { send: [frameOf('ready', done.readyBytes)], events: [] };
    if (!answer) return refused('out-of-order');
    const confirmed = confirmFinish(answer, body);
    if (confirmed.kind === 'refused') return refused(confirmed.refusal);
    const { session, readyBytes } = confirmed;
    sessions.install(session, answer.resumedFrom);
    done = { finishBytes: body.slice(), readyBytes };
    // k6 lives on in the session, so the answer is let go, not forgotten.
    answer = undefined;
    return { send: [frameOf('ready', readyBytes)], events: [securedBy(session)] };
  }

  return {
    /**
     * RESTART after a reload, and when called again because no HELLO came; REPLY again while FINISH is
     * awaited: a RESTART would bring a second HELLO behind FINISH, and end the session that FINISH opens.
     */
    start(): Uint8Array[] {
      if (answer) return [frameOf('reply', answer.replyBytes)];
      const mayAsk = hasStarted || sessions.resumeKeys().length > 0;
      hasStarted = true;
      return mayAsk ? [frameOf('restart', new Uint8Array(0))] : [];
    },

    async hear(kind: FrameKind | undefined, body: Uint8Array): Promise<Received> {
      if (kind === 'hello') return hearHello(body);
      if (kind === 'finish') return hearFinish(body);
      return refused(kind ? 'out-of-order' : 'malformed');
    },

    /** An answer that continues from a session which is no longer kept would lead two ways. */
    dropStaleAnswer(): void {
      const from = answer?.resumedFrom;
      if (from && !sessions.resumeKeys().includes(from)) dropAnswer();
    },

    forget: dropAnswer
  };
}
