import type { DatabaseSync } from 'node:sqlite';
import * as v from 'valibot';
import { atOnce } from './open-file.ts';
import { rowOf } from './rows.ts';
import type { Certificates, StoredCertificate } from './staff.ts';

/** Devices that may wait for a certificate at once, for each account. */
const MOST_REQUESTS = 5;

const CertificateRow = v.object({
  serial: v.string(),
  account: v.string(),
  publicKey: v.instance(Uint8Array),
  bytes: v.instance(Uint8Array),
  expiresAt: v.number(),
  revoked: v.pipe(
    v.number(),
    v.transform((one) => one === 1)
  )
});
const RequestRow = v.object({
  id: v.string(),
  account: v.string(),
  publicKey: v.instance(Uint8Array)
});
const ServiceRow = v.object({ bytes: v.instance(Uint8Array) });
const columns = 'serial, account, public_key AS publicKey, bytes, expires_at AS expiresAt, revoked';

export function openCertificates(database: DatabaseSync): Certificates {
  const all = database.prepare(`SELECT ${columns} FROM certificate ORDER BY expires_at`);
  const inForce = database.prepare(
    `SELECT ${columns} FROM certificate WHERE account = ? AND public_key = ? AND revoked = 0
     AND expires_at > ? ORDER BY expires_at DESC LIMIT 1`
  );
  const add = database.prepare(
    'INSERT INTO certificate (serial, account, public_key, bytes, expires_at) VALUES (?, ?, ?, ?, ?)'
  );
  const requests = database.prepare(
    'SELECT id, account, public_key AS publicKey FROM certificate_request ORDER BY rowid'
  );
  const ask = database.prepare(
    'INSERT INTO certificate_request (id, account, public_key) VALUES (?, ?, ?) ON CONFLICT DO NOTHING'
  );
  const dropOldest = database.prepare(
    `DELETE FROM certificate_request WHERE account = ?1 AND rowid NOT IN
     (SELECT rowid FROM certificate_request WHERE account = ?1 ORDER BY rowid DESC LIMIT ${MOST_REQUESTS})`
  );
  const answer = database.prepare('DELETE FROM certificate_request WHERE id = ?');
  const revoke = database.prepare(
    `UPDATE certificate SET revoked = 1 WHERE revoked = 0 AND (serial = ? OR account = ?)
     RETURNING ${columns}`
  );
  const revoked = database.prepare(
    'SELECT serial FROM certificate WHERE revoked = 1 AND expires_at > ? ORDER BY serial'
  );
  const ofService = database.prepare('SELECT bytes FROM service_certificate WHERE public_key = ?');
  const renewService = database.prepare(
    `INSERT INTO service_certificate (public_key, bytes, expires_at) VALUES (?, ?, ?)
     ON CONFLICT (public_key) DO UPDATE SET bytes = excluded.bytes, expires_at = excluded.expires_at
     WHERE excluded.expires_at > expires_at`
  );
  const store = (certificate: Omit<StoredCertificate, 'revoked'>) => {
    const { serial, account, publicKey, bytes, expiresAt } = certificate;
    add.run(serial, account, publicKey, bytes, expiresAt);
  };

  return {
    all: async () => v.parse(v.array(CertificateRow), all.all()),
    inForce: async (account, publicKey, now) =>
      rowOf(CertificateRow, inForce.get(account, publicKey, now)),
    async add(certificate) {
      store(certificate);
    },
    requests: async () => v.parse(v.array(RequestRow), requests.all()),
    ask: async ({ id, account, publicKey }) =>
      atOnce(database, () => {
        const isNew = ask.run(id, account, publicKey).changes > 0;
        dropOldest.run(account);
        return isNew;
      }),
    deliver: async (request, certificate) =>
      atOnce(database, () => {
        if (answer.run(request).changes === 0) return false;
        store(certificate);
        return true;
      }),
    revoke: async (which) => {
      const serial = 'serial' in which ? which.serial : null;
      const account = 'account' in which ? which.account : null;
      return v.parse(v.array(CertificateRow), revoke.all(serial, account));
    },
    revoked: async (now) => revoked.all(now).map((row) => String(row['serial'])),
    ofService: async (publicKey) => rowOf(ServiceRow, ofService.get(publicKey))?.bytes ?? null,
    renewService: async (publicKey, bytes, expiresAt) =>
      void renewService.run(publicKey, bytes, expiresAt)
  };
}
