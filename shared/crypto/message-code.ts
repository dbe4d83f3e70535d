import { sha256 } from '@noble/hashes/sha2.js';
import { labelled } from './fields.ts';

/** What a code is called where a message is left with it, 32 bytes (SHA-256): it does not open the answer. */
export const codeName = (code: Uint8Array): Uint8Array =>
  sha256(labelled('frirum message code v1', code));

/** What the sealed words of a message and its answer belong to, 16 bytes, from the code's name. */
export const messageId = (name: Uint8Array): Uint8Array =>
  sha256(labelled('frirum message id v1', name)).slice(0, 16);
