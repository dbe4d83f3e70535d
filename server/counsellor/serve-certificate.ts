import { requestCertificate } from '#shared/counsellor/calls.ts';
import { fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { serve } from '#server/wire/serve.ts';

/** In a try-out the server signs its counsellors; elsewhere the organisation's key is not here. */
export const serveCertificate = (issue: ((publicKey: Uint8Array) => Promise<Uint8Array>) | null) =>
  serve(requestCertificate, async ({ publicKey }) => {
    const key = fromBase64Url(publicKey);
    if (!issue) return refuse('not-a-try-out');
    if (key?.length !== 32) return refuse('malformed-request');
    return accept({ certificate: toBase64Url(await issue(key)) });
  });
