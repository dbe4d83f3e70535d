import { issueCertificate, type OrganisationKey } from '#shared/crypto/certificate.ts';
import { wipe } from '#shared/crypto/digest.ts';
import { readRootKey } from '#shared/crypto/root-key.ts';
import { SodiumCannotLoad } from '#shared/crypto/sodium.ts';
import type { Opened, RootKeyQuestion, SigningOrder } from './root-key.ts';

/*
 * Holds the organisation's root key while a lead signs. Its policy gives it no network, so that the key
 * can go nowhere; the page that started it never sees a byte of it, and ends it to forget it.
 */

/** A key file is a few lines. What is larger is something else. */
const MOST_BYTES = 10_000;
const DAY = 24 * 60 * 60 * 1000;
/** Milliseconds: clocks of devices that check a certificate run a little late. */
const SLACK = 60 * 60 * 1000;

let key: OrganisationKey | undefined;

self.onmessage = async ({ data }: MessageEvent<RootKeyQuestion>) => {
  const { number } = data;
  try {
    const value =
      data.ask === 'open'
        ? await open(data.file, data.organisation)
        : await sign(data.orders, data.now);
    self.postMessage({ number, value });
  } catch {
    self.postMessage({ number });
  }
};

async function open(file: Blob, organisation: Uint8Array): Promise<Opened> {
  forget();
  if (file.size > MOST_BYTES) return 'not-a-root-key';
  const bytes = await file.arrayBuffer().catch(() => undefined);
  if (!bytes) return 'cannot-read';
  const content = new Uint8Array(bytes);
  try {
    const read = await readRootKey(content);
    if (!read) return 'not-a-root-key';
    key = read;
    if (read.publicKey.every((byte, at) => byte === organisation[at])) return 'opened';
    forget();
    return 'other-organisation';
  } catch (error) {
    if (error instanceof SodiumCannotLoad) return 'cannot-load';
    throw error;
  } finally {
    content.fill(0);
  }
}

/** Certificates in the order of the requests. The key is forgotten afterwards, come what may. */
async function sign(orders: readonly SigningOrder[], now: number): Promise<Uint8Array[]> {
  if (!key) throw new Error('no key is open');
  const { secretKey } = key;
  const notBefore = now - SLACK;
  try {
    return await Promise.all(
      orders.map(({ role, publicKey, days }) =>
        issueCertificate({
          organisationSecretKey: secretKey,
          role,
          publicKey,
          notBefore,
          expires: notBefore + days * DAY
        })
      )
    );
  } finally {
    forget();
  }
}

function forget(): void {
  if (key) wipe(key.secretKey);
  key = undefined;
}
