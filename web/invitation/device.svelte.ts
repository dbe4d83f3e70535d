import { certificateSigned, requestCertificate } from '#shared/counsellor/calls.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';
import { keyCode } from '../keys/key-code.ts';
import { loadSigningKey } from '../keys/signing-key.ts';
import { Line } from '../wire/line.ts';

/** Milliseconds: the house tells when the lead has signed; should that be lost, this asks. */
const lookEvery = 15_000;

/** This device's key on its way to a certificate. It goes on by itself as soon as the lead has signed. */
export class Device {
  #state = $state<'asking' | 'awaited' | 'certified'>('asking');
  #refusal = $state<string | null>(null);
  #code = $state<string | null>(null);
  #line: Line | null = null;
  #looking: ReturnType<typeof setInterval> | undefined;

  get state(): 'asking' | 'awaited' | 'certified' {
    return this.#state;
  }
  get code(): string | null {
    return this.#code;
  }
  get refusal(): string | null {
    return this.#refusal;
  }

  open(): void {
    const line = new Line('staff');
    this.#line = line;
    line.onState((isUp, refusal) => {
      if (isUp) void this.ask();
      else if (refusal) this.#refusal = refusal;
    });
    line.hear(certificateSigned, () => void this.ask());
    line.open();
    this.#looking = setInterval(() => void this.ask(), lookEvery);
  }

  close(): void {
    clearInterval(this.#looking);
    this.#line?.close();
  }

  async ask(): Promise<void> {
    const line = this.#line;
    if (!line || this.#state === 'certified') return;
    const key = await loadSigningKey();
    if (key.kind === 'refused') {
      this.#refusal = key.refusal;
      return;
    }
    this.#code = await keyCode(key.publicKey);
    const answer = await line.ask(requestCertificate, {
      publicKey: toBase64Url(key.publicKey)
    });
    if (answer.ok) {
      this.#state = 'certified';
      this.close();
    } else if (answer.refusal === 'certificate-awaited') this.#state = 'awaited';
    // The line comes back by itself.
    const isInTheWay = !answer.ok && !['certificate-awaited', 'line-down'].includes(answer.refusal);
    this.#refusal = isInTheWay ? answer.refusal : null;
  }
}
