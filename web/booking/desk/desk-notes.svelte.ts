import { readNote } from '#shared/booking/calls.ts';
import { putRecipient, teamRecipients } from '#shared/booking/message-calls.ts';
import { certificateSigned } from '#shared/counsellor/calls.ts';
import { signedRecipient } from '#shared/crypto/team-recipients.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';
import type { Certificate } from '../../desk/certified.ts';
import type { Line } from '../../wire/line.ts';
import { inWorker } from '../notes.ts';
import { loadNoteIdentity } from './note-identity.ts';

/** A note as it is shown: its words, or why there are none. */
export type ShownNote =
  | { readonly kind: 'opening' }
  | { readonly kind: 'opened'; readonly text: string }
  | { readonly kind: 'refused'; readonly refusal: string };

/** What somebody wrote when they booked, which this device opens and nobody else. */
export class DeskNotes {
  #may = $state('asking');
  #shown = $state.raw<Readonly<Record<string, ShownNote>>>({});
  readonly #line: Line;
  readonly #certificate: Pick<Certificate, 'certified'>;
  #isArriving = false;

  constructor(line: Line, certificate: Pick<Certificate, 'certified'>) {
    this.#line = line;
    this.#certificate = certificate;
    line.onState((isUp) => isUp && this.#begin());
    line.hear(certificateSigned, () => this.#begin());
    this.#begin();
  }

  /** `yes`, `asking`, or the name of what keeps notes from being sealed to this device. */
  get may(): string {
    return this.#may;
  }

  shownOf(booking: string): ShownNote | null {
    return this.#shown[booking] ?? null;
  }

  /** Nothing of it is kept: hidden, it has to be opened again. */
  hide(booking: string): void {
    this.#shown = Object.fromEntries(
      Object.entries(this.#shown).filter(([one]) => one !== booking)
    );
  }

  async read(booking: string): Promise<void> {
    this.#show(booking, { kind: 'opening' });
    this.#show(booking, await this.#open(booking));
  }

  #show(booking: string, note: ShownNote): void {
    this.#shown = { ...this.#shown, [booking]: note };
  }

  async #open(booking: string): Promise<ShownNote> {
    const refused = (refusal: string) => ({ kind: 'refused', refusal }) as const;
    const identity = await loadNoteIdentity();
    if (typeof identity === 'string') return refused(identity);
    const answer = await this.#line.ask(readNote, { booking });
    if (!answer.ok) return refused(answer.refusal);
    const { note } = answer.value;
    if (note === null) return refused('no-note');
    const what = { purpose: 'booking', id: null, sealed: note } as const;
    const opened = await inWorker({ ask: 'open-at-desk', ...what, identity });
    if (opened.kind === 'opened') return opened;
    return refused((opened.kind === 'refused' && opened.refusal) || 'malformed');
  }

  #begin(): void {
    if (this.#isArriving) return;
    this.#isArriving = true;
    void this.#arrive()
      .catch(() => 'cannot-load')
      .then((may) => (this.#may = may))
      .finally(() => (this.#isArriving = false));
  }

  /** Says with the certified key where notes to this device are sealed to, unless the house knows. */
  async #arrive(): Promise<string> {
    if (!this.#line.isUp) return this.#may;
    const identity = await loadNoteIdentity();
    if (typeof identity === 'string') return identity;
    const certified = await this.#certificate.certified();
    if (typeof certified === 'string') return certified;
    const { recipient } = identity;
    const certificate = toBase64Url(certified.certificate);
    const known = await this.#line.ask(teamRecipients, {});
    const isKnown = (one: { recipient: string; certificate: string }) =>
      one.recipient === recipient && one.certificate === certificate;
    if (known.ok && known.value.recipients.some(isKnown)) return 'yes';
    const bytes = new Uint8Array(signedRecipient(recipient));
    const signed = await crypto.subtle.sign('Ed25519', certified.privateKey, bytes);
    const signature = toBase64Url(new Uint8Array(signed));
    const answer = await this.#line.ask(putRecipient, { recipient, certificate, signature });
    return answer.ok ? 'yes' : answer.refusal;
  }
}
