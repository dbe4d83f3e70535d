import type { OpenRefusal } from '#shared/crypto/sealed-note.ts';
import type * as v from 'valibot';
import type { teamRecipients } from '#shared/booking/message-calls.ts';

/** Counsellors as the server lists them; the worker believes none of it that is not signed. */
export type RecipientList = v.InferOutput<typeof teamRecipients.value>['recipients'];

interface Trust {
  readonly list: RecipientList;
  /** Ed25519, 32 bytes. */
  readonly organisationKey: Uint8Array;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly revokedSerials: readonly string[];
}

/** A desk's identity, closed with a key that this browser uses and never gives out (AES-GCM, NIST SP 800-38D). */
export interface ClosedIdentity {
  /** age1pq…: what notes are sealed to. */
  readonly recipient: string;
  /** Non-extractable, 256 bits. */
  readonly key: CryptoKey;
  /** 12 bytes. */
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly closed: Uint8Array<ArrayBuffer>;
}

/** What the worker is asked; bytes are base64url, an id has 16. */
export type NoteOrder =
  | ({ readonly ask: 'trust' } & Trust)
  | ({
      readonly ask: 'seal';
      readonly text: string;
      readonly purpose: 'booking' | 'message';
      readonly id: string;
    } & Trust)
  | { readonly ask: 'identity' }
  /** The recipient that belongs to an identity. */
  | { readonly ask: 'recipient'; readonly identity: string }
  | { readonly ask: 'closed-identity'; readonly key: CryptoKey }
  | {
      readonly ask: 'open-at-desk';
      readonly sealed: string;
      readonly identity: ClosedIdentity;
      readonly purpose: 'booking' | 'message';
      /** What it must belong to; null where a desk cannot know. */
      readonly id: string | null;
    }
  /** The answer to a message, to whoever wrote it alone. */
  | {
      readonly ask: 'answer';
      readonly text: string;
      readonly recipient: string;
      readonly id: string;
    }
  | {
      readonly ask: 'open';
      readonly sealed: string;
      readonly identity: string;
      readonly id: string;
    };

export type NoteAnswer =
  | { readonly kind: 'trusted'; readonly count: number }
  | { readonly kind: 'sealed'; readonly sealed: string }
  | { readonly kind: 'identity'; readonly identity: string; readonly recipient: string }
  | { readonly kind: 'recipient'; readonly recipient: string }
  | { readonly kind: 'closed-identity'; readonly identity: ClosedIdentity }
  | { readonly kind: 'opened'; readonly text: string }
  | { readonly kind: 'refused'; readonly refusal?: OpenRefusal };
