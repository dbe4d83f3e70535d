import type * as v from 'valibot';
import type { ShownClip } from '../klippekort/calls.ts';

/** A clip as it is shown with a booking; bytes are base64url. */
export type ShownClipOf = v.InferOutput<typeof ShownClip>;
