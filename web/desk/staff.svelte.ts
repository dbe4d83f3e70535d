import { Desk } from './desk.svelte.ts';

/** Who is signed in at this browser: nobody, or a desk. */
export class Staff {
  #desk = $state.raw<Desk | null>(null);
  #refusal = $state<string | null>(null);

  get desk(): Desk | null {
    return this.#desk;
  }

  /** The named refusal of the last try to sign in. */
  get refusal(): string | null {
    return this.#refusal;
  }

  /** A session from before a reload goes on. */
  async resume(): Promise<void> {
    const response = await fetch('/desk/session').catch(() => null);
    if (response?.status === 200) this.#open();
  }

  async signIn(name: string, password: string, totp: string): Promise<void> {
    const response = await fetch('/desk/sign-in', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(totp ? { name, password, totp } : { name, password })
    }).catch(() => null);
    if (response?.ok) this.#open();
    else this.#refusal = response ? await refusalOf(response) : 'line-down';
  }

  #open(): void {
    this.#refusal = null;
    this.#desk ??= new Desk(() => (this.#desk = null));
  }
}

async function refusalOf(response: Response): Promise<string> {
  const { refusal = 'server-error' } = await response.json().catch(() => ({}));
  return String(refusal);
}
