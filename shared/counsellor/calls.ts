import * as v from 'valibot';
import { Base64Url } from '../wire/bytes.ts';
import { defineCall } from '../wire/define-call.ts';

/**
 * A certificate for the key this counsellor's device has made. Only a try-out answers: there the
 * server holds the organisation's key; elsewhere the lead signs, offline.
 */
export const requestCertificate = defineCall({
  name: 'counsellor:request-certificate',
  who: 'counsellor',
  request: v.strictObject({ publicKey: v.pipe(Base64Url(32), v.length(43)) }),
  value: v.object({ certificate: Base64Url(1024) }),
  refusals: ['not-a-try-out']
});
