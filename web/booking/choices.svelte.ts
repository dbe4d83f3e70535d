import { purposesOf, type Purpose } from '#shared/booking/purpose.ts';
import { isFor } from '#shared/booking/rules.ts';
import type { OfferedSlot } from '#shared/booking/week.ts';
import type { AgeBand, Language, Visitor, VisitorKind } from '#shared/visitor/visitor.ts';

export type PlaceKind = OfferedSlot['place']['kind'];

/** Who somebody is and what they would like: it decides which times they are shown. */
export class Choices {
  #kind = $state<VisitorKind | null>(null);
  #age = $state<AgeBand | null>(null);
  #purpose = $state<Purpose | null>(null);
  #place = $state<PlaceKind | null>(null);
  #language = $state<Language>('da');
  #counsellor = $state<string | null>(null);
  /** The card opens a conversation with a parent, and no other. */
  #isJointOnly = $state(false);

  open(language: Language): void {
    this.#language = language;
  }

  get kind(): VisitorKind | null {
    return this.#kind;
  }
  get age(): AgeBand | null {
    return this.#age;
  }
  get language(): Language {
    return this.#language;
  }
  get place(): PlaceKind | null {
    return this.#place;
  }
  get counsellor(): string | null {
    return this.#counsellor;
  }
  /** What can be booked for; a joint conversation is opened by the decision on the card. */
  get purposes(): readonly Purpose[] {
    if (!this.#kind) return [];
    if (this.#kind !== 'young') return purposesOf[this.#kind];
    return this.#isJointOnly ? ['joint'] : purposesOf.young.filter((one) => one !== 'joint');
  }
  get purpose(): Purpose | null {
    return this.#purpose ?? this.purposes[0] ?? null;
  }
  get visitor(): Visitor | null {
    if (!this.#kind || (this.#kind === 'young' && !this.#age)) return null;
    const age = this.#kind === 'young' ? this.#age : null;
    return { kind: this.#kind, age, language: this.#language };
  }
  /** What is still to be said before a time can be booked. */
  get missing(): 'kind' | 'age' | null {
    if (!this.#kind) return 'kind';
    return this.visitor ? null : 'age';
  }

  choose(kind: VisitorKind): void {
    this.#kind = kind;
    this.#purpose = null;
  }
  chooseAge(age: AgeBand): void {
    this.#age = age;
  }
  choosePurpose(purpose: Purpose): void {
    this.#purpose = purpose;
  }
  choosePlace(place: PlaceKind | null): void {
    this.#place = place;
  }
  chooseLanguage(language: Language): void {
    this.#language = language;
  }
  chooseCounsellor(counsellor: string | null): void {
    this.#counsellor = counsellor;
  }
  onlyJoint(isOnly: boolean): void {
    this.#isJointOnly = isOnly;
  }

  /** Whether a slot is for them, as far as they have said. */
  suits = ({ offer }: OfferedSlot): boolean => {
    const { visitor, purpose } = this;
    if (!visitor || !purpose) return !this.#kind || offer.kinds.includes(this.#kind);
    return isFor({ ...offer, seats: 1 }, visitor, purpose);
  };

  /** And what they would like besides. */
  fits = (slot: OfferedSlot): boolean =>
    this.suits(slot) &&
    (this.#place === null || slot.place.kind === this.#place) &&
    (this.#counsellor === null || slot.counsellor === this.#counsellor);
}
