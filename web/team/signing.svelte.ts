import type { deliverCertificate } from '#shared/counsellor/team-calls.ts';
import { fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';
import type { RequestOf } from '#shared/wire/define-call.ts';
import { organisationKey } from '../keys/organisation-key.ts';
import { RootKey } from './root-key.ts';
import type { Awaited, TeamView } from './view.ts';

/** Milliseconds: a key that is open and not used is forgotten. */
const openLasts = 5 * 60_000;

/** Delivers one certificate. @returns null, or why the house did not take it */
type Deliver = (certificate: RequestOf<typeof deliverCertificate>) => Promise<string | null>;

/** The lead's signature: the root key opened from its file, used once, and forgotten. */
export class Signing {
  #state = $state<TeamView['rootKey']>('none');
  #progress = $state.raw<{ done: number; of: number } | null>(null);
  #signed = $state<number | null>(null);
  #key: RootKey | null = null;
  #forgetting: ReturnType<typeof setTimeout> | undefined;

  get state(): TeamView['rootKey'] {
    return this.#state;
  }
  get progress(): { done: number; of: number } | null {
    return this.#progress;
  }
  get signed(): number | null {
    return this.#signed;
  }

  async open(file: Blob): Promise<void> {
    this.forget();
    this.#signed = null;
    this.#state = 'opening';
    const key = new RootKey();
    this.#key = key;
    const opened = await key.open(file, organisationKey());
    // Another file was chosen meanwhile.
    if (this.#key !== key) return;
    if (opened === 'opened') this.#forgetting = setTimeout(() => this.forget(), openLasts);
    else this.forget();
    this.#state = opened;
  }

  forget(): void {
    clearTimeout(this.#forgetting);
    this.#key?.forget();
    this.#key = null;
    this.#state = 'none';
  }

  /** Signs and delivers them all. @returns the first refusal; null when everything was taken */
  async sign(requests: readonly Awaited[], deliver: Deliver): Promise<string | null> {
    const key = this.#key;
    if (!key || this.#state !== 'opened' || this.#progress) return null;
    this.#progress = { done: 0, of: requests.length };
    const orders = requests.map(({ role, publicKey, days }) => ({
      role,
      publicKey: fromBase64Url(publicKey) ?? new Uint8Array(),
      days
    }));
    const certificates = await key.sign(orders, Date.now());
    this.forget();
    let refusal: string | null = certificates ? null : 'not-signed';
    let taken = 0;
    for (const [at, certificate] of (certificates ?? []).entries()) {
      const id = requests[at]?.id;
      const refused = id ? await deliver({ id, certificate: toBase64Url(certificate) }) : null;
      refusal ??= refused;
      if (refused === null) taken += 1;
      this.#progress = { done: at + 1, of: requests.length };
    }
    this.#progress = null;
    this.#signed = taken;
    return refusal;
  }
}
