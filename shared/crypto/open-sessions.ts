import { wipe } from './digest.ts';
import type { Bond } from './key-schedule.ts';
import type { Session } from './session.ts';
import type { OpenResult, SealResult } from './stream.ts';

/** A session, or after a reload only its resume key. */
type Link = { resumeKey: Uint8Array; session: Session | undefined };

export type OpenSessions = ReturnType<typeof createOpenSessions>;

/**
 * The session in use and the one before it. The one before stays until the first frame of its
 * successor opens: what was sealed with it is still on the way, and a peer that never heard of the
 * successor (its page was reloaded in that moment) continues from the one before.
 *
 * An invitation opens the first session and no other: from then on, and from the start when there is a
 * resume key, continuity alone proves who is there, and the invitation is overwritten.
 */
export function createOpenSessions(resumeKey: Uint8Array | undefined, invitation?: Uint8Array) {
  let current: Link | undefined = resumeKey && { resumeKey: resumeKey.slice(), session: undefined };
  let previous: Link | undefined;
  let invited = resumeKey ? undefined : invitation?.slice();

  function forgetInvitation(): void {
    if (invited) wipe(invited);
    invited = undefined;
  }

  return {
    isOpen: () => current?.session !== undefined,

    /** The keys under which a peer may prove that it is the same, newest first. */
    resumeKeys: (): Uint8Array[] =>
      [current, previous].flatMap((link) => (link ? [link.resumeKey] : [])),

    /** What a peer that is not yet known must have been invited with; undefined when nobody was. */
    invitation: (): Uint8Array | undefined => invited,

    /** What our own HELLO is bound to; undefined when the two have never met and nobody was invited. */
    bond(): Bond | undefined {
      if (current) return { by: 'resume-key', key: current.resumeKey };
      return invited && { by: 'invitation', key: invited };
    },

    /** Put a confirmed session in use. `resumedFrom` is one of `resumeKeys`, or undefined when new. */
    install(session: Session, resumedFrom: Uint8Array | undefined): void {
      forgetInvitation();
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
      forgetInvitation();
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
