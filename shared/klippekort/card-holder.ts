import { epochOf } from '../crypto/clip-epoch.ts';
import type { ClipPlace } from '../crypto/clip-seed.ts';
import type { TagPurpose } from '../crypto/clip-tag.ts';
import { inOrder } from '../crypto/in-order.ts';
import { toBase64Url } from '../wire/bytes.ts';
import type { AnswerOf, Call, RequestOf, ValueOf } from '../wire/define-call.ts';
import { askDecisionClip, giveBackClip, holdClip, issueCard, settleClip } from './calls.ts';
import { CardCrypto, type CryptoNeeds } from './card-crypto.ts';
import {
  clipStage,
  nextClip,
  noKlippekort,
  type Card,
  type Clip,
  type Klippekort
} from './card.ts';
import { readCode, writeCode, type CodeRefusal, type ReadRefusal } from './card-code.ts';
import { did, not, type Did, type HolderRefusal, type Not } from './did.ts';
import * as moves from './moves.ts';
import { holdsCard, ordinaryClips, type Holder, type Rule } from './rule.ts';
import { isOutcomeOf, placesAfter, stageAfter, type Outcome, type Stage } from './stage.ts';

export interface CardNeeds extends CryptoNeeds {
  /** Asks the server; rejects when the line is down. */
  readonly ask: <C extends Call>(call: C, request: RequestOf<C>) => Promise<AnswerOf<C>>;
  /** Resolves when the whole state is where it outlives the page, or for as long as the person chose. */
  readonly keep: (klippekort: Klippekort) => Promise<void>;
  readonly rule: Rule;
}

/** Of a card that was asked for: after these it will never come, and a card that never came has no clips to lose. */
const neverComes: readonly HolderRefusal[] = [
  'unknown-capability',
  'no-card',
  'wrong-count',
  'wrong-epoch',
  'already'
];

/**
 * The device's side of a klippekort: writes down, then asks, then writes down what came, so that the
 * page may die at any step. Calls run one after another.
 */
export class CardHolder {
  private readonly needs: CardNeeds;
  private readonly crypto: CardCrypto;
  private readonly run = inOrder();
  private klippekort: Klippekort;

  constructor(needs: CardNeeds, klippekort: Klippekort = noKlippekort) {
    this.needs = needs;
    this.crypto = new CardCrypto(needs);
    this.klippekort = klippekort;
  }

  get state(): Klippekort {
    return this.klippekort;
  }

  /** Asks for a card, once the first conversation has taken place. */
  requestCard = (at: moves.At, holder: Holder): Promise<Did<null>> =>
    this.run(() => this.askForCard(at, holder));

  /** Shows a clip for a conversation. Asked again for the same one, shows the same again. */
  present = (at: moves.At): Promise<Did<{ stage: Stage }>> => this.run(() => this.hold(at));

  /**
   * What a clip is shown with where another call holds it: a booking. Nothing is asked. For the same
   * conversation the same again.
   */
  prepare = (at: moves.At): Promise<Did<Shown>> =>
    this.run(async () => {
      const begun = await this.begin(at, 'hold', nextClip);
      return begun.ok ? did(begun.value.request) : begun;
    });

  /** The card becomes another one, in its turn: a clip left it for a booking, or came back. */
  change = (to: (klippekort: Klippekort) => Klippekort): Promise<void> =>
    this.run(() => this.keep(to(this.klippekort)));

  /** Asks what the conversation came to: while it lasts, as soon as both have written. */
  settle = (): Promise<Did<{ outcome: Outcome }>> => this.run(() => this.askOutcome(false));

  /** Turns a pending clip into the decision's, once both have recorded it. Asked again, the same. */
  decide = (at: moves.At): Promise<Did<{ outcome: Outcome }>> => this.run(() => this.turn(at));

  /**
   * Finishes what was begun in a conversation that is over: after a reload, or at the next visit. A clip
   * that the server never took is exchanged, not shown again.
   */
  resume = (): Promise<Did<{ outcome: Outcome } | null>> =>
    this.run(async () => {
      const { under } = this.klippekort;
      if (under?.step !== 'asked') return this.askOutcome(true);
      const came = await this.fetchCard(under);
      if (!came.ok && came.refusal === 'not-held')
        await this.keep(moves.dropUnder(this.klippekort));
      return came;
    });

  /** Throws the card away. The next conversation is a first one again. */
  forget = (): Promise<void> => this.run(() => this.keep(noKlippekort));

  writeCode(): { ok: true; code: string } | { ok: false; refusal: CodeRefusal } {
    const { card, under } = this.klippekort;
    return card ? writeCode(card, under !== null) : { ok: false, refusal: 'no-clips' };
  }

  /** Takes a card that was carried here. It replaces none unless told to. */
  readCode = (
    text: string,
    { replace = false } = {}
  ): Promise<Did<null> | { ok: false; refusal: ReadRefusal }> =>
    this.run(async () => {
      if (this.klippekort.under) return not('unfinished');
      if (this.klippekort.card && !replace) return not('has-klippekort');
      const read = readCode(text, this.needs.now());
      if (!read.ok) return read;
      const card = await this.crypto.withoutSpent(read.card);
      if (!card) return not('no-spent-list');
      if (card.clips.length === 0) return not('spent');
      await this.keep({ ...noKlippekort, card });
      return did(null);
    });

  private async askForCard(at: moves.At, holder: Holder): Promise<Did<null>> {
    const { rule, now } = this.needs;
    if (this.klippekort.card) return not('has-klippekort');
    if (!holdsCard(rule, holder)) return not('no-card');
    if (this.klippekort.under === null) {
      const epoch = epochOf(now());
      const key = this.crypto.keyOf({ epoch, key: null });
      if (typeof key === 'string') return not(key);
      const seed = await this.crypto.newSeed();
      const made = { holder, epoch, seed, key: toBase64Url(key) };
      const blinded = await this.crypto.blind(made, 'ordinary', cardPlaces(rule));
      await this.keep(moves.ask(this.klippekort, at, made, blinded));
    }
    const { under } = this.klippekort;
    if (under?.step !== 'asked' || under.conversation !== at.conversation) return not('unfinished');
    return this.fetchCard(under);
  }

  private async fetchCard(under: moves.Asked): Promise<Did<null>> {
    const { card, capability, blinded } = under;
    const elements = blinded.map((one) => one.blinded);
    const [ordinary, fifth] = [elements.slice(0, -1), elements.at(-1) ?? ''];
    const answer = await this.ask(issueCard, { capability, epoch: card.epoch, ordinary, fifth });
    if (!answer.ok) {
      if (neverComes.includes(answer.refusal)) await this.keep(moves.dropUnder(this.klippekort));
      return answer;
    }
    const { value } = answer;
    const cut = await this.crypto.finish(card, 'ordinary', blinded.slice(0, -1), value.ordinary);
    const last = await this.crypto.finish(card, 'fifth', blinded.slice(-1), value.fifth);
    if (!cut || !last) return not('bad-proof');
    await this.keep(moves.cardCame(under, [...cut, ...last]));
    return did(null);
  }

  private async hold(at: moves.At): Promise<Did<{ stage: Stage }>> {
    const begun = await this.begin(at, 'hold', nextClip);
    if (!begun.ok) return begun;
    const { held, request } = begun.value;
    const { capability } = held;
    const answer = await this.ask(holdClip, { capability, ...request });
    if (!answer.ok) return answer.refusal === 'wrong-tag' ? this.lose(answer) : answer;
    await this.keep(moves.holdIsSure(this.klippekort, held));
    return did({ stage: request.stage });
  }

  private async turn(at: moves.At): Promise<Did<{ outcome: Outcome }>> {
    const begun = await this.begin(
      at,
      'decide',
      ({ clips }) => clips.find(({ place }) => place.stage === 'pending') ?? null
    );
    if (!begun.ok) return begun;
    const { held, request } = begun.value;
    const { capability } = held;
    const answer = await this.ask(askDecisionClip, { capability, ...request });
    return answer.ok ? this.take(held, answer.value) : this.lose(answer);
  }

  private async askOutcome(isOver: boolean): Promise<Did<{ outcome: Outcome }>> {
    const { under } = this.klippekort;
    if (under?.step !== 'held') return not('nothing-held');
    const request = await this.request(under, 'settle');
    if (!request.ok) return request;
    const { conversation } = under;
    const answer = await this.ask(settleClip, { conversation, ...request.value });
    if (answer.ok) return this.take(under, answer.value);
    if (answer.refusal === 'no-hold' && isOver) return this.giveBack(under);
    return this.lose(answer);
  }

  private async giveBack(held: moves.Held): Promise<Did<{ outcome: Outcome }>> {
    const request = await this.request(held, 'give back');
    if (!request.ok) return request;
    const { conversation } = held;
    const answer = await this.ask(giveBackClip, { conversation, ...request.value });
    return answer.ok ? this.take(held, answer.value) : this.lose(answer);
  }

  /** Takes a clip off the card and binds it to a conversation, unless that is done already. */
  private async begin(
    at: moves.At,
    way: moves.Held['way'],
    choose: (card: Card) => Clip | null
  ): Promise<Did<{ held: moves.Held; request: Shown }>> {
    const { card: all, under: before } = this.klippekort;
    if (!all) return not('no-klippekort');
    const key = this.crypto.keyOf(all);
    if (typeof key === 'string') return not(key);
    if (!before) {
      const card = await this.crypto.withoutSpent(all);
      if (!card) return not('no-spent-list');
      const clip = choose(card);
      if (!clip) {
        await this.keep({ ...this.klippekort, card });
        return not('no-clip');
      }
      const { next, refund } = placesAfter(clip.place);
      // Where nothing follows there is still an element to commit to: all holds look the same.
      const places = [next ?? refund, refund];
      const [first, second] = await this.crypto.blind(card, clipStage(clip), places);
      if (!first || !second) return not('no-clip');
      const bound = { way, clip, next: first, refund: second };
      await this.keep(moves.hold({ ...this.klippekort, card }, at, bound));
    }
    const { under } = this.klippekort;
    if (under?.step !== 'held' || under.way !== way || under.conversation !== at.conversation)
      return not('unfinished');
    const request = await this.request(under, way);
    return request.ok ? did({ held: under, request: request.value }) : request;
  }

  private async request(held: moves.Held, purpose: TagPurpose): Promise<Did<Shown>> {
    const { card } = this.klippekort;
    if (!card) return not('no-klippekort');
    const key = this.crypto.keyOf(card);
    return typeof key === 'string' ? not(key) : did(await this.crypto.show(card, held, purpose));
  }

  private async take(
    held: moves.Held,
    { outcome, evaluation }: ValueOf<typeof settleClip>
  ): Promise<Did<{ outcome: Outcome }>> {
    const { card } = this.klippekort;
    const stage = clipStage(held.clip);
    if (!card || !isOutcomeOf(stage, outcome)) return not('bad-proof');
    const after = stageAfter(stage, outcome);
    const element = outcome === 'did-not' ? held.refund : held.next;
    const values =
      after && evaluation && (await this.crypto.finish(card, after, [element], evaluation));
    if (after && !values?.[0]) return not('bad-proof');
    const value = values?.[0] ?? null;
    await this.keep(moves.settled({ ...this.klippekort, card }, held, outcome, value));
    return did({ outcome });
  }

  /** A clip that was used from a copy of the card, or that is none, is not held on to. */
  private async lose(answer: Not): Promise<Not> {
    if (answer.refusal === 'spent' || answer.refusal === 'wrong-tag')
      await this.keep(moves.dropUnder(this.klippekort));
    return answer;
  }

  private async ask<C extends Call>(
    call: C,
    request: RequestOf<C>
  ): Promise<AnswerOf<C> | { ok: false; refusal: 'line-down' }> {
    try {
      return await this.needs.ask(call, request);
    } catch {
      return { ok: false, refusal: 'line-down' };
    }
  }

  private async keep(klippekort: Klippekort): Promise<void> {
    await this.needs.keep(klippekort);
    this.klippekort = klippekort;
  }
}

type Shown = Awaited<ReturnType<CardCrypto['show']>>;

/** The places of a new card, the fifth last. */
const cardPlaces = (rule: Rule): readonly ClipPlace[] => [
  ...Array.from({ length: ordinaryClips(rule) }, (_, index) => ({
    stage: 'ordinary' as const,
    index,
    generation: 0
  })),
  { stage: 'fifth', index: 0, generation: 0 }
];
