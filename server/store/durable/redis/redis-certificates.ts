import * as v from 'valibot';
import type { Redis } from '../../redis/connection.ts';
import type { Certificates, StoredCertificate } from '../staff.ts';
import { accountsScript } from './accounts-script.ts';
import { certificatesScript } from './certificates-script.ts';
import { Bytes, Flag, readRow, readRows, Text, Whole } from './replies.ts';
import { Steps } from './steps.ts';

const CertificateRow = v.object({
  serial: Text,
  account: Text,
  publicKey: Bytes,
  bytes: Bytes,
  expiresAt: Whole,
  revoked: Flag
});
const RequestRow = v.object({ id: Text, account: Text, publicKey: Bytes });

const ServiceRow = v.object({ bytes: Bytes });
const nameOf = (publicKey: Uint8Array) => Buffer.from(publicKey).toString('hex');

const valuesOf = (one: Omit<StoredCertificate, 'revoked'>) =>
  [one.serial, one.account, one.publicKey, one.bytes, one.expiresAt] as const;

/** The certificates' part of the durable Redis. */
export function openCertificates(redis: Redis): Certificates {
  const steps = new Steps(redis, accountsScript, certificatesScript);
  const all = async () => readRows(CertificateRow, await steps.look('allCertificates'));
  return {
    all,
    inForce: async (account, publicKey, now) =>
      readRow(CertificateRow, await steps.look('inForce', account, publicKey, now)),
    async add(certificate) {
      await steps.take('addCertificate', ...valuesOf(certificate));
    },
    requests: async () => readRows(RequestRow, await steps.look('requests')),
    ask: ({ id, account, publicKey }) => steps.isDone('ask', id, account, publicKey),
    deliver: (request, certificate) => steps.isDone('deliver', request, ...valuesOf(certificate)),
    revoke: async (which) => {
      const serial = 'serial' in which ? which.serial : null;
      const account = 'account' in which ? which.account : null;
      return readRows(CertificateRow, await steps.take('revoke', serial, account));
    },
    revoked: async (now) =>
      (await all())
        .filter(({ revoked, expiresAt }) => revoked && expiresAt > now)
        .map(({ serial }) => serial)
        .toSorted(),
    ofService: async (publicKey) =>
      readRow(ServiceRow, await steps.look('ofService', nameOf(publicKey)))?.bytes ?? null,
    async renewService(publicKey, bytes, expiresAt) {
      await steps.take('renewService', nameOf(publicKey), bytes, expiresAt);
    }
  };
}
