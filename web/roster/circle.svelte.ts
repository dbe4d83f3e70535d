import type { Payload } from '#shared/conversation/payload.ts';
import type { Roster } from '#shared/crypto/roster.ts';
import type { Guest, RosterPayload } from '#shared/roster/payload.ts';
import type { Language } from '#shared/visitor/visitor.ts';
import { fromBase64Url } from '#shared/wire/bytes.ts';
import type { Conversation } from '../conversation/conversation.svelte.ts';
import { beginCircle, keptPairs, type Kept, type KeptCircle } from '../conversation/kept.ts';
import type { Gone, Pair } from '../conversation/pair.svelte.ts';
import { Host } from './host.svelte.ts';
import { isWho, namePairs } from './identities.ts';
import { introduced, type Introduced } from './introduced.ts';
import { idBytes } from './member-id.ts';
import { Members } from './members.svelte.ts';
import { Missing } from './missing.ts';
import { Notes } from './notes.svelte.ts';
import { isOverAfter } from './one-less.ts';
import { Proposals } from './proposals.svelte.ts';
import { Rosters } from './rosters.ts';
import { Telling, type Why } from './telling.ts';
import type { CircleView, ColleagueView, MemberView } from './view.ts';

type RosterTold = RosterPayload & { kind: 'roster' };

const mostMembers = 4;

/** Everybody in a conversation of more than two, as this page knows them. */
export class Circle implements CircleView {
  #kept: KeptCircle;
  readonly talk: Conversation;
  readonly rosters: Rosters;
  readonly who: Members;
  readonly telling: Telling;
  readonly notesOf: Notes;
  readonly proposals: Proposals;
  /** What only a counsellor does. */
  readonly host: Host | null;
  readonly #missing: Missing;
  readonly #seen = new Map<string, RosterPayload & { kind: 'roster-seen' }>();
  #turn: Promise<unknown> = Promise.resolve();
  #isOver = false;

  constructor(talk: Conversation) {
    this.talk = talk;
    const { circle, conversation } = talk.kept;
    this.#kept = $state.raw(circle ?? beginCircle(conversation, 'here'));
    this.rosters = new Rosters(this.#kept.roster);
    this.who = new Members(() => this.me, talk.pairs);
    this.telling = new Telling(this.rosters, () => this.#kept.of);
    this.notesOf = new Notes(() => talk.messages.at(-1)?.id ?? null);
    this.host = talk.side === 'counsellor' ? new Host(this) : null;
    this.proposals = new Proposals(this);
    this.#missing = new Missing(
      (member) => !this.#isOver && this.who.has(member) && !talk.pairs.of(member),
      (member) => {
        const leader = this.who.leader;
        if (leader) void talk.pairs.of(leader.id)?.send({ kind: 'pair-asked', member });
      }
    );
  }

  get kept(): KeptCircle {
    return this.#kept;
  }
  get me(): string | null {
    return this.#kept.me;
  }
  get epoch(): number {
    return this.rosters.epoch;
  }
  get members(): readonly MemberView[] {
    return this.who.views;
  }
  get isCounsellor(): boolean {
    return this.host !== null;
  }
  get notes() {
    return this.notesOf.all;
  }
  get proposal() {
    return this.proposals.current;
  }
  get link() {
    return this.proposals.link;
  }
  get mayPropose(): boolean {
    const isFree = !this.proposal && !this.link && this.who.signed.length < mostMembers;
    return isFree && !this.#isOver && (this.talk.side === 'visitor' || this.host?.isFirst === true);
  }
  get mayRemove(): boolean {
    return this.host?.isFirst === true && this.who.signed.length > 2;
  }
  get handOver() {
    return this.host?.handOver ?? null;
  }
  get colleagues(): readonly ColleagueView[] {
    return this.host?.colleagues ?? [];
  }

  propose(who: Guest, colleague?: ColleagueView | null, writes: readonly Language[] = []): void {
    this.proposals.propose(who, colleague ?? null, writes);
  }
  answer(yes: boolean): void {
    this.proposals.answer(yes);
  }
  takeBack(): void {
    this.proposals.takeBack();
  }
  remove(member: string): void {
    void this.host?.remove(member, 'removed');
  }
  letGo(): void {
    if (this.handOver?.hasWritten) this.talk.end();
  }

  called(member: string | null): string | null {
    // The counsellor calls the visitor as before.
    const isVisitor = this.who.find(member)?.role === 'visitor';
    return this.host && isVisitor ? null : this.who.called(member);
  }

  /** Who leads; null for a counsellor, who calls the visitor as before. */
  get otherName(): string | null {
    return this.host ? null : (this.who.leader?.name ?? null);
  }

  nameOf(member: string | null): string | null {
    return this.who.find(member)?.name ?? null;
  }

  /** Goes on after a reload with everybody there was. */
  resume(): void {
    for (const kept of keptPairs(this.#kept.of)) this.enter(kept);
  }

  /** Goes into a room with another member. */
  enter(kept: Kept, invitation?: Uint8Array): void {
    if (!kept.pair) return;
    const { side, joined } = kept.pair;
    this.talk.pairs.open(kept, side, { joined, invitation });
  }

  remember(change: Partial<KeptCircle>): void {
    this.#kept = { ...this.#kept, ...change };
    this.talk.remember({ circle: this.#kept });
  }

  secured(pair: Pair): void {
    if (!isWho(pair, this.who.signed)) return this.#refuse(pair, 'another-counsellor');
    this.telling.seen(pair);
    this.host?.secured(pair);
  }

  /** One after the other: a roster is opened in a worker, and what follows builds on it. */
  hear(pair: Pair, payload: Payload): void {
    this.#inTurn(() => this.#hear(pair, payload));
  }

  /** A goodbye comes after the roster that says why. */
  gone(pair: Pair, how: Gone, refusal: string | null): void {
    this.#inTurn(() => this.#gone(pair, how, refusal));
  }

  /** To a page that was reloaded: who is there, and what is being asked. */
  tellAgain(pair: Pair): void {
    this.telling.again(pair);
    if (this.talk.pairs.isOther(pair)) this.proposals.tellAgain(pair);
  }

  /** Takes a roster that follows the last one. */
  async take(bytes: Uint8Array, pair: Pair, gone?: Why): Promise<void> {
    const keys = await pair.sealed.keys;
    // A colleague is asked in by a counsellor whom nothing but the roster's own signature proves.
    const signer = this.host || pair.side !== 'counsellor' ? null : pair.keyId;
    const opened = await this.rosters.open(bytes, idBytes(this.#kept.of), keys, signer);
    if (opened.kind === 'accepted') {
      if (opened.isNew || !this.rosters.isNamed) this.#accept(opened.roster, bytes, gone);
    } else if (opened.refusal === 'skipped') {
      // Another counsellor's has overtaken the one that it follows.
      void pair.send({ kind: 'history-asked' });
    } else if (opened.refusal !== 'rolled-back' && opened.refusal !== 'channel-dead')
      this.#refuse(pair, 'forked-roster');
  }

  #gone(pair: Pair, how: Gone, refusal: string | null): void {
    const { talk } = this;
    // Who has let go is said goodbye to by those who go on: no word for it to sign anything.
    if (this.#isOver || this.host?.hasLetGo) return;
    if (!talk.pairs.all.includes(pair) && pair !== talk.first) return;
    const isFirst = pair === talk.first;
    const isResting = this.#kept.first === 'resting';
    if (!isResting || !isFirst) this.#drop(pair);
    const left = { all: talk.pairs.all.length, others: talk.pairs.others.length };
    const [side, iAmCounsellor] = [pair.side, this.isCounsellor];
    const after = isOverAfter({ how, side, isFirst, isResting, iAmCounsellor, left });
    if (after === 'over') return talk.finish(how, refusal);
    if (after === 'nothing') return;
    if (isFirst) this.remember({ first: 'resting' });
    if (!pair.member) return;
    if (this.host?.isFirst) void this.host.remove(pair.member, 'left');
    else if (how !== 'by-other') this.#missing.look(pair.member);
  }

  over(): void {
    this.#isOver = true;
    this.#missing.stop();
    this.host?.over();
    this.proposals.over();
  }

  introduced(told: Introduced): void {
    const known = this.talk.pairs.of(told.member);
    if (known?.id === told.conversation) return;
    if (known) this.#drop(known);
    if (this.talk.first === null && this.epoch === 0) this.#kept = { ...this.#kept, of: told.of };
    const role = this.who.find(told.member)?.role ?? null;
    const kept = introduced(told, role, Math.max(1, this.epoch), this.talk.visitor);
    const invitation = told.invitation === null ? null : fromBase64Url(told.invitation);
    this.enter(kept, invitation ?? undefined);
  }

  #inTurn(step: () => void | Promise<void>): void {
    this.#turn = this.#turn.then(step).catch(() => {});
  }

  async #hear(pair: Pair, payload: Payload): Promise<void> {
    if (this.#isOver) return;
    if (payload.kind === 'roster') await this.#hearRoster(pair, payload);
    else if (payload.kind === 'roster-seen') {
      this.#seen.set(pair.id, payload);
      this.#compare();
    } else if (payload.kind === 'pair-introduced') {
      if (pair.side === 'counsellor') this.introduced(payload);
    } else if (payload.kind === 'pair-asked') {
      if (pair.member && this.who.has(payload.member))
        this.host?.introduceAgain(pair.member, payload.member);
    } else if (this.talk.pairs.isOther(pair)) this.proposals.hear(payload);
  }

  async #hearRoster(pair: Pair, told: RosterTold): Promise<void> {
    const cameLater = this.talk.first === null && this.epoch === 0;
    if (cameLater) this.#kept = { ...this.#kept, of: told.conversation };
    // The first one seen comes from whoever has shown a certificate for it.
    if (this.epoch === 0 && pair.side !== 'counsellor') return;
    if (told.conversation !== this.#kept.of) return this.#refuse(pair, 'forked-roster');
    if (this.me === null) this.#kept = { ...this.#kept, me: told.you };
    const bytes = fromBase64Url(told.bytes);
    if (bytes) await this.take(bytes, pair, told.gone);
  }

  #accept(roster: Roster, bytes: Uint8Array, gone: Why): void {
    const before = this.members;
    const isNews = this.rosters.isNamed || (this.epoch === 0 && this.talk.first !== null);
    this.rosters.accept(roster, bytes);
    this.who.set(roster.members);
    this.remember({ roster: this.rosters.known });
    const { members, me, talk } = this;
    if (me && !this.who.has(me)) return talk.finish('removed');
    if (isNews) this.notesOf.changed(before, members, gone ?? 'left');
    if (!this.host) this.proposals.done();
    namePairs(talk.pairs.all, roster.members, me, this.host !== null);
    for (const pair of talk.pairs.all)
      if (pair.member && !this.who.has(pair.member)) void this.#farewell(pair);
      else this.telling.seen(pair);
    if (!this.host?.isFirst) for (const { id, isMe } of members) if (!isMe) this.#missing.look(id);
    this.#compare();
    talk.opens();
  }

  #compare(): void {
    for (const pair of this.talk.pairs.all) {
      const seen = this.#seen.get(pair.id);
      if (seen && this.rosters.contradicts(seen)) this.#refuse(pair, 'forked-roster');
    }
  }

  /** Two who have seen different rosters do not go on with each other. */
  #refuse(pair: Pair, refusal: string): void {
    if (pair === this.talk.pairs.main) return this.talk.finish('refused', refusal);
    pair.sealed.cutOff();
    this.#drop(pair);
  }

  /** Says goodbye over a pair and lets go of it; nobody is waited for. */
  async #farewell(pair: Pair): Promise<void> {
    if (pair === this.talk.first) {
      this.talk.rest();
      return this.remember({ first: 'resting' });
    }
    this.talk.pairs.remove(pair);
    await pair.sealed.sayGoodbye();
    pair.sealed.cutOff();
    pair.close();
  }

  #drop(pair: Pair): void {
    if (pair === this.talk.first) return this.talk.rest();
    this.talk.pairs.remove(pair);
    pair.close();
  }
}
