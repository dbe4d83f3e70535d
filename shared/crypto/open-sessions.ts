import { wipe } from './digest.ts';
import type { Session } from './session.ts';
import type { OpenResult, SealResult } from './stream.ts';

/** A session, or after a reload only its resume key. */
type Link = { resumeKey: Uint8Array; session: Session | undefined };

export type OpenSessions = ReturnType<typeof createOpenSessions>;

/**
 * The session in use and the one before it. The one before stays until the first frame of its
 * successor opens: what was sealed with it is still on the way, and a peer that never heard of the
 * successor (its page was reloaded in that moment) continues from the one before.
 */
export function createOpenSessions(resumeKey: Uint8Array | undefined) {
  let current: Link | undefined = resumeKey && { resumeKey: resumeKey.slice(), session: undefined };
  let previous: Link | undefined;

  return {
    isOpen: () => current?.session !== undefined,

    /** The keys under which a peer may prove that it is the same, newest first. */
    resumeKeys: (): Uint8Array[] =>
      [current, previous].flatMap((link) => (link ? [link.resumeKey] : [])),

    /** Put a confirmed session in use. `resumedFrom` is one of `resumeKeys`, or undefined when new. */
    install(session: Session, resumedFrom: Uint8Array | undefined): void {
      if (previous && resumedFrom === previous.resumeKey) {
        // The peer continues from the one before: it never had what we took to be in use.
        forgetLink(current);
      } else {
        forgetLink(previous);
        previous = current;
      }
      current = { resumeKey: session.resumeKey, session };
    },

    seal(message: Uint8Array, final: boolean): SealResult | undefined {
      return current?.session?.seal(message, final);
    },

    /** @returns undefined when the frame is of no session that is open. */
    open(frame: Uint8Array): OpenResult | undefined {
      if (current?.session?.isFor(frame)) {
        const opened = current.session.open(frame);
        if (opened.kind === 'message') {
          forgetLink(previous);
          previous = undefined;
        }
        return opened;
      }
      return previous?.session?.isFor(frame) ? previous.session.open(frame) : undefined;
    },

    forget(): void {
      forgetLink(current);
      forgetLink(previous);
      current = undefined;
      previous = undefined;
    }
  };
}

function forgetLink(link: Link | undefined): void {
  link?.session?.forget();
  if (link) wipe(link.resumeKey);
}
