import { requestCertificate } from '#shared/counsellor/calls.ts';
import { certificateKeyId } from '#shared/crypto/certificate-key-id.ts';
import { fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';
import { loadSigningKey } from '../keys/signing-key.ts';
import type { Line } from '../wire/line.ts';

/** This device's key with its certificate, or the name of what is in the way. */
export type Certified = { certificate: Uint8Array; privateKey: CryptoKey } | string;

/** Gets the certificate once; what was in the way is asked for again the next time. */
export class Certificate {
  readonly #line: Line;
  #asked: Promise<Certified> | null = null;

  constructor(line: Line) {
    this.#line = line;
  }

  async certified(): Promise<Certified> {
    this.#asked ??= this.#request();
    const certified = await this.#asked;
    if (typeof certified === 'string') this.#asked = null;
    return certified;
  }

  /** The name of this device's certified key; null while there is no certificate. */
  async keyId(): Promise<Uint8Array | null> {
    const certified = await this.certified();
    return typeof certified === 'string' ? null : certificateKeyId(certified.certificate);
  }

  async #request(): Promise<Certified> {
    const key = await loadSigningKey();
    if (key.kind === 'refused') return key.refusal;
    const answer = await this.#line.ask(requestCertificate, {
      publicKey: toBase64Url(key.publicKey)
    });
    if (!answer.ok) return answer.refusal;
    const certificate = fromBase64Url(answer.value.certificate);
    return certificate ? { certificate, privateKey: key.privateKey } : 'strange-answer';
  }
}
