import { frameOf, refused, securedBy, type FrameKind, type Received } from './channel-events.ts';
import type { OrganisationTrust } from './check-reply.ts';
import type { OpenSessions } from './open-sessions.ts';
import {
  acceptReply,
  confirmReady,
  forgetFinishing,
  forgetOffer,
  offerHello,
  type Finishing,
  type Offer
} from './visitor-handshake.ts';

/** A forged RESTART costs the visitor one HELLO per this many milliseconds, and nothing else. */
export const RESTART_PAUSE = 3000;

/**
 * The visitor's part of the handshake, which is also the part of the guest who asks. An offer (REPLY awaited) and a finishing (READY awaited) live
 * side by side, so that a forged RESTART cannot make the visitor forget the READY that is on its way.
 */
export function createVisitorSide(
  own: {
    room: Uint8Array;
    now: () => number;
    /** What is needed to accept a counsellor's REPLY; 'bond' when a guest is expected to answer. */
    trust: Omit<OrganisationTrust, 'now'> | 'bond';
  },
  sessions: OpenSessions
) {
  let offer: Offer | undefined;
  let finishing: Finishing | undefined;
  let helloAt = -Infinity;

  function dropOffer(): void {
    if (offer) forgetOffer(offer);
    offer = undefined;
  }

  function dropFinishing(): void {
    if (finishing) forgetFinishing(finishing);
    finishing = undefined;
  }

  function sayHello(): Uint8Array[] {
    dropOffer();
    offer = offerHello(own.room, sessions.bond());
    helloAt = own.now();
    return [frameOf('hello', offer.helloBytes)];
  }

  function hearReply(body: Uint8Array): Received {
    if (!offer) return refused('out-of-order');
    const trust = own.trust === 'bond' ? own.trust : { ...own.trust, now: own.now() };
    const accepted = acceptReply(offer, body, trust);
    if (accepted.kind === 'refused') {
      const { refusal } = accepted;
      const isForged = refusal !== 'malformed' && refusal !== 'other-hello';
      // With a session open a forged REPLY must not end it; without one it is the end.
      return refused(refusal, isForged && !sessions.isOpen() && !finishing);
    }
    dropOffer();
    dropFinishing();
    finishing = accepted.finishing;
    return { send: [frameOf('finish', finishing.finishBytes)], events: [] };
  }

  function hearReady(body: Uint8Array): Received {
    if (!finishing) return refused('out-of-order');
    const confirmed = confirmReady(finishing, body);
    if (confirmed.kind === 'refused') return refused(confirmed.refusal);
    // The session lives on with the finishing's sealer, so the finishing is let go, not forgotten.
    finishing = undefined;
    dropOffer();
    sessions.install(confirmed.session, undefined);
    return { send: [], events: [securedBy(confirmed.session)] };
  }

  function hearRestart(body: Uint8Array): Received {
    if (body.length > 0) return refused('malformed');
    if (helloAt === -Infinity) return refused('out-of-order');
    if (own.now() - helloAt < RESTART_PAUSE) return refused('too-soon');
    return { send: sayHello(), events: [] };
  }

  return {
    /** HELLO, or again the frame that is not yet answered. */
    start(): Uint8Array[] {
      if (finishing) return [frameOf('finish', finishing.finishBytes)];
      if (offer) return [frameOf('hello', offer.helloBytes)];
      return sayHello();
    },

    hear(kind: FrameKind | undefined, body: Uint8Array): Received {
      if (kind === 'reply') return hearReply(body);
      if (kind === 'ready') return hearReady(body);
      if (kind === 'restart') return hearRestart(body);
      return refused(kind ? 'out-of-order' : 'malformed');
    },

    forget(): void {
      dropOffer();
      dropFinishing();
    }
  };
}
