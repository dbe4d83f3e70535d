import { standAgain, type Returned } from '#shared/queue/calls.ts';
import type { Language } from '#shared/visitor/visitor.ts';
import { Conversation } from '../conversation/conversation.svelte.ts';
import { keptConversations, type Kept } from '../conversation/kept.ts';
import { openPairKeys } from '../conversation/open-pair-keys.ts';
import { KlippekortState } from '../klippekort/klippekort.svelte.ts';
import { organisationKey } from '../keys/organisation-key.ts';
import { openKeys } from '../keys/keys.ts';
import { hearRevoked } from '../keys/revoked-serials.ts';
import { Line } from '../wire/line.ts';
import { Waiting } from './waiting.svelte.ts';

/** Everything a visitor's page holds: the wait, then the conversation, on one line. */
export class Visit {
  readonly waiting = new Waiting();
  readonly card = new KlippekortState();
  #conversation = $state.raw<Conversation | null>(null);
  #line: Line | null = null;
  #talking: Kept | null = null;

  get conversation(): Conversation | null {
    return this.#conversation;
  }

  /** Begins in a browser; a page made at build time has no line. */
  open(language: Language): () => void {
    const line = new Line('visitor');
    hearRevoked(line);
    this.#line = line;
    const kept = keptConversations()[0] ?? null;
    this.card.open(line, organisationKey());
    this.waiting.open({
      line,
      language,
      kept,
      onTaken: (taken) => this.#line && this.#talk(this.#line, taken),
      present: (at) => this.card.present(at),
      standsInTheWay: () => this.card.standsInTheWay,
      onStage: (stage) => this.#conversation?.knowStage(stage),
      onLeft: () => void this.card.isOver().catch(() => {})
    });
    if (kept?.isTaken) this.#talk(line, kept);
    // Loading the crypto takes seconds on a slow phone: it begins while somebody reads and types.
    else void tryKeys().catch(() => this.waiting.cannotTalk());
    addEventListener('frirum:leave', this.#abandon);
    addEventListener('beforeunload', this.#askFirst);
    return () => {
      removeEventListener('frirum:leave', this.#abandon);
      removeEventListener('beforeunload', this.#askFirst);
    };
  }

  /** Tells the counsellor which talk this is; nobody has to. */
  showCard(): void {
    this.#conversation?.showCard(this.card.talk, this.card.limit);
  }

  /** The counsellor has been away for long: asks for the old place in the queue. */
  async standAgain(): Promise<boolean> {
    const { capability } = this.#talking ?? {};
    if (!capability || !this.#line) return false;
    return (await this.#line.ask(standAgain, { capability })).ok;
  }

  /** Leaves at once, without a goodbye. */
  readonly #abandon = (): void => {
    if (this.#conversation) this.#conversation.abandon();
    else this.waiting.leave();
    this.#line?.close();
  };

  readonly #askFirst = (event: BeforeUnloadEvent): void => {
    if (this.#conversation?.wouldLose) event.preventDefault();
  };

  /** The clip stays with the conversation, and what nobody answered stays with the visitor. */
  #goBack(): void {
    const why = this.#conversation?.refusal as Returned | null;
    const line = new Line('visitor');
    hearRevoked(line);
    this.#line = line;
    this.#conversation = null;
    this.card.useLine(line);
    this.waiting.goBack(line, why ?? 'counsellor-away');
  }

  #talk(line: Line, kept: Kept): void {
    this.#talking = kept;
    const { visitor } = kept;
    const at = { conversation: kept.conversation, capability: kept.capability };
    this.#conversation = new Conversation({
      onTookPlace: () => void this.card.tookPlace(at, visitor).catch(() => {}),
      onDecided: () => void this.card.decide(at).catch(() => {}),
      onOver: (ending) => {
        if (ending === 'returned') this.#goBack();
        else void this.card.isOver().catch(() => {});
      },
      kept,
      party: { role: 'visitor', topics: this.waiting.topics },
      line,
      newLine: () => new Line('visitor'),
      openKeys: (mine, invitation) => openPairKeys(mine, 'visitor', invitation)
    });
  }
}

/** Opens keys that nobody uses. */
async function tryKeys(): Promise<void> {
  const role = 'visitor';
  const opened = await openKeys({
    role,
    room: new Uint8Array(16),
    organisationKey: organisationKey()
  });
  if (opened.kind === 'refused') throw new Error(opened.refusal);
  opened.keys.close();
}
