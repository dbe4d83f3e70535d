import type { Payload } from '#shared/conversation/payload.ts';
import type { Guest } from '#shared/roster/payload.ts';
import type { Language } from '#shared/visitor/visitor.ts';
import type { Pair } from '../conversation/pair.svelte.ts';
import type { Circle } from './circle.svelte.ts';
import type { CircleView, ColleagueView, ProposalView } from './view.ts';

/** What the counsellor and the visitor ask each other before anybody else may join. */
export class Proposals {
  #current = $state.raw<ProposalView | null>(null);
  #link = $state.raw<CircleView['link']>(null);
  readonly #circle: Circle;
  #colleague: ColleagueView | null = null;

  constructor(circle: Circle) {
    this.#circle = circle;
  }

  get current(): ProposalView | null {
    return this.#current;
  }
  get link(): CircleView['link'] {
    return this.#link;
  }

  propose(who: Guest, colleague: ColleagueView | null, writes: readonly Language[]): void {
    if (!this.#circle.mayPropose) return;
    this.#colleague = colleague;
    const id = crypto.randomUUID().slice(0, 18);
    const name = colleague?.name ?? null;
    this.#current = { id, who, name, writes, isMine: true, state: 'asked' };
    this.#tell(this.#asked(this.#current));
  }

  answer(yes: boolean): void {
    const asked = this.#current;
    if (!asked || asked.isMine || asked.state !== 'asked') return;
    this.#tell({ kind: 'third-answered', id: asked.id, yes });
    this.#settle(asked, yes);
  }

  /** Takes back what this side has asked, or the link that both have agreed on. */
  takeBack(): void {
    const asked = this.#current;
    if (asked?.isMine) this.fail();
    this.#circle.host?.takeBack();
    if (this.#link) this.show(null);
  }

  /** What is seen of the link on both sides. */
  show(link: CircleView['link']): void {
    const { who } = link ?? this.#link ?? { who: 'parent' };
    this.#link = link;
    if (link) this.#current = null;
    if (this.#circle.host) this.#tell({ kind: 'third-link', link: link?.link ?? null, who });
  }

  /** What was agreed has come. */
  done(): void {
    if (this.#current?.state === 'agreed') this.#current = null;
  }

  /** What was agreed has come to nothing; the other is told. */
  fail(): void {
    if (this.#current) this.#tell({ kind: 'third-answered', id: this.#current.id, yes: false });
    this.#current = null;
  }

  tellAgain(pair: Pair): void {
    if (this.#link) void pair.send({ kind: 'third-link', ...this.#link });
    if (this.#current?.isMine && this.#current.state === 'asked')
      void pair.send(this.#asked(this.#current));
  }

  hear(payload: Payload): void {
    if (payload.kind === 'third-proposed') this.#hearAsked(payload);
    else if (payload.kind === 'third-link') this.#hearLink(payload);
    else if (payload.kind === 'third-answered') {
      const asked = this.#current;
      if (asked?.id !== payload.id) return;
      if (asked.isMine) this.#settle(asked, payload.yes);
      else if (!payload.yes) {
        // Taken back by who had asked; or nothing came of what both had agreed on.
        this.#current = null;
        if (asked.state === 'agreed')
          this.#circle.notesOf.add(asked.name ? 'no-answer' : 'cannot', asked.name);
      }
    }
  }

  over(): void {
    this.#current = null;
    this.#link = null;
  }

  #hearAsked({ id, who, name, writes }: Extract<Payload, { kind: 'third-proposed' }>): void {
    const { host } = this.#circle;
    // Both have asked at once: what the counsellor asks comes first.
    if (host && (this.#current || this.#link)) return;
    // Nobody but a counsellor has colleagues to ask.
    if (host && (who === 'counsellor' || who === 'hand-over')) return;
    const why = writes ?? [];
    this.#current = { id, who, name: name ?? null, writes: why, isMine: false, state: 'asked' };
  }

  #hearLink({ link, who }: Extract<Payload, { kind: 'third-link' }>): void {
    const { host } = this.#circle;
    if (host) return link === null ? undefined : host.recover(link, who);
    this.#link = link === null ? null : { link, who };
    this.#current = null;
  }

  #settle(asked: ProposalView, yes: boolean): void {
    if (!yes) {
      this.#current = null;
      if (asked.isMine) this.#circle.notesOf.add('declined', asked.name);
      return;
    }
    this.#current = { ...asked, state: 'agreed' };
    this.#circle.host?.goOn(asked, this.#colleague);
  }

  #asked({ id, who, name, writes }: ProposalView): Payload {
    const named = name === null ? {} : { name };
    const why = writes.length === 0 ? {} : { writes: [...writes] };
    return { kind: 'third-proposed', id, who, ...named, ...why };
  }

  #tell(payload: Payload): void {
    const { pairs } = this.#circle.talk;
    // Of two counsellors only the one who leads asks; the visitor answers whoever leads.
    pairs.tell(pairs.main ? [pairs.main] : [], payload);
  }
}
