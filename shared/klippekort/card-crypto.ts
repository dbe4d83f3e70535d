import { isAcceptedEpoch } from '../crypto/clip-epoch.ts';
import type { ClipFields } from '../crypto/clip-info.ts';
import type { EpochKey } from '../crypto/clip-manifest.ts';
import type { ClipPlace } from '../crypto/clip-seed.ts';
import type { TagPurpose } from '../crypto/clip-tag.ts';
import type { ClipWork } from '../crypto/clip-work.ts';
import { toBase64Url } from '../wire/bytes.ts';
import { toBlind, toBlinded, toBytes, toEvaluation } from './card-bytes.ts';
import { clipStage, type Blinded, type Card, type Clip } from './card.ts';
import type { Held } from './moves.ts';
import type { Stage } from './stage.ts';
import { isOnSpentList } from './spent-list.ts';

export interface CryptoNeeds {
  readonly work: ClipWork;
  /** The service's name, the same as the server's. */
  readonly service: string;
  /** The live keys, as `checkManifest` lets them through. */
  readonly keys: () => readonly EpochKey[];
  /** The published list of spent clips; null when it cannot be had. */
  readonly spentList: () => Promise<Uint8Array | null>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** Of a card: what all its clips were made with. */
type Made = Pick<Card, 'holder' | 'epoch' | 'seed' | 'key'>;

export type KeyRefusal =
  /** The card is from a year that does not count any more. */
  | 'too-old'
  /** No signed key for that year. */
  | 'no-key'
  /** Not the key that the card was made with: it could be one that only this visitor is given. */
  | 'other-key';

/** What a card's bytes are computed from; only the signed key of the card's year is ever used. */
export class CardCrypto {
  private readonly needs: CryptoNeeds;

  constructor(needs: CryptoNeeds) {
    this.needs = needs;
  }

  keyOf({ epoch, key }: Pick<Card, 'epoch' | 'key'>): Uint8Array | KeyRefusal {
    if (!isAcceptedEpoch(epoch, this.needs.now())) return 'too-old';
    const signed = this.needs.keys().find((one) => one.epoch === epoch)?.publicKey;
    if (!signed) return 'no-key';
    return key === null || key === toBase64Url(signed) ? signed : 'other-key';
  }

  async newSeed(): Promise<string> {
    return toBase64Url(await this.needs.work.newSeed());
  }

  async blind(made: Made, stage: Stage, places: readonly ClipPlace[]): Promise<Blinded[]> {
    const publicKey = this.keyOf(made);
    if (typeof publicKey === 'string') throw new Error(publicKey);
    const fields = this.fieldsOf(made, stage);
    const seed = toBytes(made.seed);
    const blinds = await this.needs.work.blind({ seed, fields, publicKey, places });
    return places.map((place, at) => toBlinded(place, blinds[at]));
  }

  /** What hold, settle and give-back have in common, byte for byte the same at every try. */
  async show(card: Made, held: Held, purpose: TagPurpose) {
    const { clip, next, refund, conversation } = held;
    const { holder, epoch } = card;
    const stage = clipStage(clip);
    const { nonce, tag } = await this.needs.work.show({
      seed: toBytes(card.seed),
      fields: this.fieldsOf(card, stage),
      place: clip.place,
      value: toBytes(clip.value),
      purpose,
      elements: [toBytes(next.blinded), toBytes(refund.blinded)],
      conversation
    });
    const blinded = { blindedNext: next.blinded, blindedRefund: refund.blinded };
    const shown = { nonce: toBase64Url(nonce), ...blinded, tag: toBase64Url(tag) };
    return { holder, stage, epoch, ...shown };
  }

  /** @returns the values of the clips; null when the answer is not one of the card's key. */
  async finish(
    made: Made,
    stage: Stage,
    blinded: readonly Blinded[],
    evaluation: { evaluated: readonly string[]; proof: string }
  ): Promise<readonly string[] | null> {
    const publicKey = this.keyOf(made);
    if (typeof publicKey === 'string') return null;
    const values = await this.needs.work.finish({
      seed: toBytes(made.seed),
      fields: this.fieldsOf(made, stage),
      publicKey,
      clips: blinded.map((one) => ({ place: one.place, ...toBlind(one) })),
      evaluation: toEvaluation(evaluation)
    });
    return values && values.map(toBase64Url);
  }

  /**
   * The card without the clips that were spent from a copy of it: showing one would tell which
   * conversations had the same holder. @returns null when the list cannot be had
   */
  async withoutSpent(card: Card): Promise<Card | null> {
    const list = await this.needs.spentList();
    if (!list) return null;
    const seed = toBytes(card.seed);
    const clips: Clip[] = [];
    for (const clip of card.clips) {
      const fields = this.fieldsOf(card, clipStage(clip));
      const id = await this.needs.work.id({ seed, fields, place: clip.place });
      if (!isOnSpentList(list, id)) clips.push(clip);
    }
    return { ...card, clips };
  }

  private fieldsOf({ holder, epoch }: Made, stage: Stage): ClipFields {
    return { service: this.needs.service, holder, stage, epoch };
  }
}
