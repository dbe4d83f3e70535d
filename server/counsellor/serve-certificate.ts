import { certificateSigned, ownCertificate, requestCertificate } from '#shared/counsellor/calls.ts';
import { deliverCertificate, listCertificateRequests } from '#shared/counsellor/team-calls.ts';
import { fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';
import { accept, refuse } from '#shared/wire/define-call.ts';
import { serve, type Served } from '#server/wire/serve.ts';
import type { Attendance } from './attendance.ts';
import type { Certificates } from './certificates.ts';

interface Needs {
  readonly certificates: Certificates;
  readonly attendance: Attendance;
  readonly teamChanged: () => void;
}

/** Who asks for a certificate, and the lead who signs it. */
export const serveCertificates = ({ certificates, attendance, teamChanged }: Needs): Served[] => [
  serve(requestCertificate, async ({ publicKey }, { account }) => {
    const key = fromBase64Url(publicKey);
    if (key?.length !== 32 || !account) return refuse('malformed-request');
    const { certificate, isAsked } = await certificates.request(account, key);
    if (isAsked) teamChanged();
    return certificate
      ? accept({ certificate: toBase64Url(certificate.bytes) })
      : refuse('certificate-awaited');
  }),
  serve(ownCertificate, async ({ publicKey }, { account }) => {
    const key = fromBase64Url(publicKey);
    if (key?.length !== 32 || !account) return refuse('malformed-request');
    const found = await certificates.inForce(account, key);
    if (found) return accept({ certificate: toBase64Url(found.bytes), expires: found.expiresAt });
    return refuse(
      (await certificates.isAwaited(account, key)) ? 'certificate-awaited' : 'no-certificate'
    );
  }),
  serve(listCertificateRequests, async () => accept({ requests: await certificates.requests() })),
  serve(deliverCertificate, async ({ id, certificate }) => {
    const bytes = fromBase64Url(certificate);
    const outcome = bytes ? await certificates.deliver(id, bytes) : 'bad-certificate';
    if (typeof outcome === 'string') return refuse(outcome);
    if (outcome.account !== null)
      for (const desk of attendance.of(outcome.account)) desk.tell(certificateSigned, {});
    teamChanged();
    return accept({});
  })
];
