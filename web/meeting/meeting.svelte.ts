import { addToAgenda, seeAgenda } from '#shared/booking/message-calls.ts';
import { askForSeats } from '#shared/booking/meeting-calls.ts';
import { agendaKey, LONGEST_ITEM, teamItem } from '#shared/crypto/agenda.ts';
import { writeSeatLink } from '#shared/meeting/link.ts';
import { fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';
import type { RequestOf } from '#shared/wire/define-call.ts';
import type { HeldTicket } from '../booking/held-ticket.svelte.ts';
import { askWhoReads, seal } from '../booking/notes.ts';
import { openItems, sealAgendaItem, type ShownItem } from './agenda.ts';

/** A seat to hand on. */
export interface Seat {
  readonly hash: string;
  readonly isTaken: boolean;
}

/** Room for the line that says what kind of person wrote. */
const headBytes = 16;

const bytes = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(fromBase64Url(text) ?? new Uint8Array());

/** A network meeting as somebody with a seat has it: what it is to be about, and the seats to hand on. */
export class Meeting {
  #items = $state.raw<readonly ShownItem[]>([]);
  #seats = $state.raw<readonly Seat[]>([]);
  #text = $state('');
  #refusal = $state<string | null>(null);
  /** Under way, and waiting for it. */
  #toDo = $state(0);
  #last: Promise<void> = Promise.resolve();
  #wanted = 0;
  /** Whether the counsellor has the key. */
  #isWithTeam = $state<boolean | null>(null);
  #tried: { readonly asked: string; readonly request: RequestOf<typeof addToAgenda> } | null = null;
  readonly #ticket: HeldTicket;
  readonly #key: Uint8Array<ArrayBuffer>;

  constructor(ticket: HeldTicket) {
    this.#ticket = ticket;
    const { agenda, ticket: secret } = ticket.kept;
    this.#key = agenda ? bytes(agenda) : agendaKey(bytes(secret));
  }

  /** Whether the meeting was asked for with this ticket. */
  get isFirst(): boolean {
    return !this.#ticket.kept.agenda;
  }
  get items(): readonly ShownItem[] {
    return this.#items;
  }
  get seats(): readonly Seat[] {
    return this.#seats;
  }
  get isWithTeam(): boolean | null {
    return this.#isWithTeam;
  }
  get refusal(): string | null {
    return this.#refusal;
  }
  get isBusy(): boolean {
    return this.#toDo > 0;
  }
  get text(): string {
    return this.#text;
  }
  set text(text: string) {
    this.#text = text;
  }
  /** In bytes, as it is sealed. */
  get left(): number {
    const most = LONGEST_ITEM - headBytes;
    return most - new TextEncoder().encode(this.#text.trim()).length;
  }

  async look(): Promise<void> {
    const { ticket } = this.#ticket.kept;
    const answer = await this.#ticket.line.ask(seeAgenda, { ticket });
    if (!answer.ok) {
      this.#refusal = answer.refusal;
      return;
    }
    const { items } = answer.value;
    this.#items = await openItems(items, this.#key);
    const id = toBase64Url(teamItem(this.#key));
    this.#isWithTeam =
      items.some((item) => item.id === id) || (await this.#giveToTeam(id).catch(() => false));
  }

  /** @param many how many come, whoever asks among them */
  async askFor(many: number): Promise<void> {
    this.#wanted = many;
    await this.#do(async () => {
      // Somebody has thought better of it meanwhile.
      if (many !== this.#wanted) return null;
      const { ticket } = this.#ticket.kept;
      const answer = await this.#ticket.line.ask(askForSeats, { ticket, seats: many });
      if (!answer.ok) return answer.refusal;
      this.#seats = answer.value.seats.map(({ pass, isTaken }) => ({
        hash: writeSeatLink({ pass, key: this.#key }),
        isTaken
      }));
      return null;
    });
  }

  async add(): Promise<void> {
    const text = this.#text.trim();
    const kind = (this.#ticket.seen?.visitor ?? this.#ticket.kept.visitor)?.kind;
    if (this.isBusy || text === '' || this.left < 0 || !kind) return;
    await this.#do(async () => {
      const { ticket } = this.#ticket.kept;
      // Where nobody answered the same item is sent again.
      if (this.#tried?.asked !== text) {
        const item = await sealAgendaItem({ kind, text }, this.#key);
        if (!item) return 'note-too-long';
        this.#tried = { asked: text, request: { ticket, ...item } };
      }
      const answer = await this.#ticket.line.ask(addToAgenda, this.#tried.request);
      if (!answer.ok) return answer.refusal;
      this.#text = '';
      this.#tried = null;
      await this.look();
      return null;
    });
  }

  /** The key, sealed to the counsellors as a note is: they read the agenda, the server does not. */
  async #giveToTeam(id: string): Promise<boolean> {
    const { line } = this.#ticket;
    const list = await askWhoReads(line);
    const sealed = list && (await seal(list, toBase64Url(this.#key), 'booking', id));
    if (!sealed) return false;
    const { ticket } = this.#ticket.kept;
    return (await line.ask(addToAgenda, { ticket, id, sealed })).ok;
  }

  /** One after the other: what is chosen while something is being sent is sent after it. */
  #do(act: () => Promise<string | null>): Promise<void> {
    this.#toDo += 1;
    this.#last = this.#last.then(async () => {
      this.#refusal = null;
      this.#refusal = await act().catch(() => 'broken');
      this.#toDo -= 1;
    });
    return this.#last;
  }
}
