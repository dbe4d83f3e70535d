import type { Line } from '../wire/line.ts';
import type { RecipientList } from './note-orders.ts';

/** Some words for who will be there: sealed here, or not sent at all. */
export class Note {
  #text = $state('');
  #may = $state<'unasked' | 'asking' | 'yes' | 'no'>('unasked');
  #list: RecipientList | null = null;
  #line: Line | null = null;

  open(line: Line): void {
    this.#line = line;
  }

  get text(): string {
    return this.#text;
  }
  set text(text: string) {
    this.#text = text;
  }
  /** Whether there is somebody it can be sealed to, whom the organisation vouches for. */
  get may(): 'unasked' | 'asking' | 'yes' | 'no' {
    return this.#may;
  }
  get isEmpty(): boolean {
    return this.#text.trim() === '';
  }

  async ask(): Promise<void> {
    if (!this.#line || this.#may === 'asking' || this.#may === 'yes') return;
    this.#may = 'asking';
    const { askWhoReads } = await import('./notes.ts');
    this.#list = await askWhoReads(this.#line);
    this.#may = this.#list ? 'yes' : 'no';
  }

  /** @param id 16 bytes in base64url @returns base64url; null when it could not be sealed */
  async seal(purpose: 'booking' | 'message', id: string): Promise<string | null> {
    const { seal } = await import('./notes.ts');
    return this.#list && seal(this.#list, this.#text.trim(), purpose, id);
  }

  clear(): void {
    this.#text = '';
  }
}
