import { forgetMessage, leaveMessage } from '#shared/booking/message-calls.ts';
import { newMessageSecret } from '#shared/crypto/message-secret.ts';
import { LONGEST_LETTER } from '#shared/message/letter.ts';
import { writeMessageCode } from '#shared/message/written-code.ts';
import { requestChallenge } from '#shared/queue/calls.ts';
import type { AgeBand, Language, Visitor, VisitorKind } from '#shared/visitor/visitor.ts';
import type { RequestOf } from '#shared/wire/define-call.ts';
import type { RecipientList } from '../booking/note-orders.ts';
import { askWhoReads } from '../booking/notes.ts';
import { prove } from '../queue/prove.ts';
import type { Line } from '../wire/line.ts';
import { forgetCode, keepCode, type KeptCode } from './kept-code.ts';
import { lookWith, sealLetter } from './sealed-letter.ts';

/** What was asked once is asked again the same, until an answer came. */
interface Try {
  readonly asked: string;
  readonly secret: Uint8Array;
  readonly request: Omit<RequestOf<typeof leaveMessage>, 'proof'>;
}

/** A message to the team, from the first word to its code. Words and code are in memory and nowhere else. */
export class Writing {
  #kind = $state<VisitorKind | null>(null);
  #age = $state<AgeBand | null>(null);
  #text = $state('');
  #may = $state<'asking' | 'yes' | 'no'>('asking');
  #isSending = $state(false);
  #refusal = $state<string | null>(null);
  #sent = $state.raw<KeptCode | null>(null);
  #isKept = $state(false);
  #isDone = $state(false);
  #language: Language = 'da';
  #line: Line | null = null;
  #list: RecipientList | null = null;
  #tried: Try | null = null;

  /** Begins in a browser. */
  open(line: Line, language: Language): void {
    this.#line = line;
    this.#language = language;
    line.onState((isUp) => {
      if (isUp && this.#may !== 'yes') void this.ask();
    });
  }

  get kind(): VisitorKind | null {
    return this.#kind;
  }
  get age(): AgeBand | null {
    return this.#age;
  }
  get text(): string {
    return this.#text;
  }
  set text(text: string) {
    this.#text = text;
  }
  /** Whether there is somebody it can be sealed to, whom the organisation vouches for. */
  get may(): 'asking' | 'yes' | 'no' {
    return this.#may;
  }
  /** In bytes, as it is sealed. */
  get left(): number {
    return LONGEST_LETTER - new TextEncoder().encode(this.#text.trim()).length;
  }
  /** What is still to be done before it can be sent. */
  get missing(): 'text' | 'shorter' | 'kind' | 'age' | null {
    if (!this.#kind) return 'kind';
    if (!this.#visitor) return 'age';
    if (this.#text.trim() === '') return 'text';
    return this.left < 0 ? 'shorter' : null;
  }
  get isSending(): boolean {
    return this.#isSending;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  /** The code, while it is shown. */
  get sent(): KeptCode | null {
    return this.#sent;
  }
  get isKept(): boolean {
    return this.#isKept;
  }
  /** The writer has the code; this page has it no longer. */
  get isDone(): boolean {
    return this.#isDone;
  }
  /** Whether something is gone for good when the page closes now. */
  get wouldLose(): boolean {
    return this.#sent ? !this.#isKept : this.#text.trim() !== '';
  }

  choose(kind: VisitorKind): void {
    this.#kind = kind;
  }
  chooseAge(age: AgeBand): void {
    this.#age = age;
  }

  async ask(): Promise<void> {
    if (!this.#line?.isUp) return;
    this.#may = 'asking';
    this.#list = await askWhoReads(this.#line).catch(() => null);
    // A line that went meanwhile asks again when it comes back.
    this.#may = this.#list ? 'yes' : this.#line.isUp ? 'no' : 'asking';
  }

  async send(): Promise<void> {
    const visitor = this.#visitor;
    if (this.#isSending || this.missing || !visitor || !this.#line) return;
    this.#isSending = true;
    this.#refusal = null;
    try {
      this.#refusal = await this.#leave(this.#line, visitor);
    } catch {
      this.#refusal = 'broken';
    } finally {
      this.#isSending = false;
    }
  }

  /** On this device as well, or no longer. */
  keep(isKept: boolean): void {
    if (!this.#sent) return;
    if (isKept) keepCode(this.#sent);
    else forgetCode();
    this.#isKept = isKept;
  }

  /** The writer has the code. */
  done(): void {
    this.#sent = null;
    this.#isDone = true;
  }

  /** Leaves nothing behind. */
  leave(): void {
    this.#text = '';
    this.#tried = null;
    this.#sent = null;
  }

  get #visitor(): Visitor | null {
    if (!this.#kind || (this.#kind === 'young' && !this.#age)) return null;
    const age = this.#kind === 'young' ? this.#age : null;
    return { kind: this.#kind, age, language: this.#language };
  }

  /** @returns what stood in the way */
  async #leave(line: Line, visitor: Visitor): Promise<string | null> {
    const tried = await this.#prepare(line, visitor);
    if (typeof tried === 'string') return tried;
    const challenge = await line.ask(requestChallenge, {});
    if (!challenge.ok) return challenge.refusal;
    const proof = await prove(challenge.value.challenge);
    if (proof === null) return 'proof-refused';
    const answer = await line.ask(leaveMessage, { ...tried.request, proof });
    if (!answer.ok) return answer.refusal;
    const { until } = answer.value;
    this.#sent = { code: writeMessageCode(tried.secret), until };
    this.#text = '';
    this.#tried = null;
    return null;
  }

  async #prepare(line: Line, visitor: Visitor): Promise<Try | string> {
    const text = this.#text.trim();
    const asked = JSON.stringify([visitor, text]);
    if (this.#tried?.asked === asked) return this.#tried;
    if (this.#tried) {
      // The first try may have come through, and nobody would ever find its answer.
      const code = lookWith(this.#tried.secret);
      const taken = await line.ask(forgetMessage, { code });
      if (!taken.ok && taken.refusal !== 'unknown-code') return taken.refusal;
      this.#tried = null;
    }
    if (!line.isUp) return 'line-down';
    if (!this.#list) return 'not-sealed';
    const secret = newMessageSecret();
    const request = await sealLetter({ visitor, text }, this.#list, secret);
    // What seals is fetched when it is first needed.
    if (!request) return line.isUp ? 'not-sealed' : 'line-down';
    this.#tried = { asked, secret, request };
    return this.#tried;
  }
}
