import type { Member } from '#shared/crypto/roster.ts';
import { openPair } from '#shared/roster/calls.ts';
import type { Guest, MemberId } from '#shared/roster/payload.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';
import type { Pair } from '../conversation/pair.svelte.ts';
import type { Circle } from './circle.svelte.ts';
import { Doorway, type Coming } from './doorway.ts';
import { idBytes, randomId } from './member-id.ts';
import type { CircleView, ColleagueView, ProposalView } from './view.ts';

const noKey = new Uint8Array(16);
/** Two who both ask for the same room within this many milliseconds get one. */
const introducedOnce = 10_000;

/** What a counsellor does for a conversation of more than two: signs who is there, opens rooms, hands over. */
export class Host {
  #handsOnTo = $state<MemberId | null>(null);
  /** What becomes of the conversation is for another counsellor to sign from now on. */
  #hasLetGo = false;
  readonly #circle: Circle;
  readonly #doorway: Doorway;
  /** What colleagues are called on the server, for rooms that only they may use. */
  readonly #colleagues = new Map<MemberId, string>();
  readonly #introducedAt = new Map<string, number>();

  constructor(circle: Circle) {
    this.#circle = circle;
    this.#doorway = new Doorway(circle, this);
  }

  /** Whether this is the counsellor who leads: with two, the one who came first. */
  get isFirst(): boolean {
    const { who, talk } = this.#circle;
    return who.leader ? who.leader.isMe : talk.first !== null;
  }

  get hasLetGo(): boolean {
    return this.#hasLetGo;
  }

  /** Who can be asked to join: everybody on shift who is not in it. */
  get colleagues(): readonly ColleagueView[] {
    const { members, talk } = this.#circle;
    const { party, team } = talk.parts;
    const isIn = new Set(members.map(({ name }) => name));
    const own = party.role === 'counsellor' ? party.name : '';
    const all = team?.colleagues ?? [];
    return all.filter(({ name, shift }) => shift === 'on' && name !== own && !isIn.has(name));
  }

  get handOver(): CircleView['handOver'] {
    const { members, talk } = this.#circle;
    const other = members.find(({ id }) => id === this.#handsOnTo);
    if (!other) return null;
    const hasWritten = talk.messages.some(({ by }) => by === other.id);
    return { name: other.name ?? '', hasWritten };
  }

  get own(): MemberId {
    const own = this.#circle.me ?? randomId();
    if (this.#circle.me === null) this.#circle.remember({ me: own });
    return own;
  }

  goOn(agreed: ProposalView, colleague: ColleagueView | null): void {
    void this.#doorway.open(agreed, colleague);
  }
  takeBack(): void {
    this.#doorway.takeBack();
  }
  recover(link: string, who: Guest): void {
    this.#doorway.recover(link, who);
  }
  over(): void {
    this.#doorway.close();
  }

  /** Keys are agreed with somebody: one who was on the way in is there now. */
  secured(pair: Pair): void {
    const { coming } = this.#doorway;
    if (pair === coming?.pair) void this.#letIn(coming);
    else if (this.isFirst) this.#circle.telling.rosters(pair);
  }

  async remove(member: MemberId, gone: 'left' | 'removed'): Promise<void> {
    const { signed } = this.#circle.who;
    const left = signed.filter(({ id }) => toBase64Url(id) !== member);
    if (left.length < signed.length && this.isFirst) await this.#sign(left, gone);
  }

  /** Leaves the conversation to a colleague. @returns false when there is none, and it ends for all */
  async handsOn(): Promise<boolean> {
    if (this.#hasLetGo) return true;
    const { members, who, talk, me } = this.#circle;
    const others = members.filter(({ role, isMe }) => role === 'counsellor' && !isMe);
    if (!others.some(({ id }) => talk.pairs.of(id))) return false;
    // Nobody lets go before the other holds on.
    if (this.handOver && !this.handOver.hasWritten) return true;
    const bytes = await this.#signed(who.signed.filter(({ id }) => toBase64Url(id) !== me));
    if (!bytes) return false;
    this.#hasLetGo = true;
    this.#doorway.close();
    for (const pair of talk.pairs.all) this.#circle.telling.one(pair, bytes, 'left');
    await talk.pairs.sayGoodbye();
    talk.finish('handed-over');
    return true;
  }

  /** A room was lost, or a page was reloaded before it was there: both are introduced once more. */
  introduceAgain(one: MemberId, other: MemberId): void {
    const before = this.#introducedAt.get(nameOfBoth(one, other)) ?? 0;
    if (this.isFirst && Date.now() - before > introducedOnce) void this.#introduce(one, other);
  }

  /** A new room of this conversation; null when there may be no more. */
  async room(answering: string) {
    const { line } = this.#circle.talk.parts;
    const { capability } = this.#circle.talk.kept;
    const answer = await line.ask(openPair, { capability, answering });
    return answer.ok ? answer.value : null;
  }

  /** The one who was on the way in is there: signed in, told, and introduced to everybody. */
  async #letIn(coming: Coming): Promise<void> {
    const { id, name, role, colleague, takesOver } = coming;
    const before = await this.#membersNow();
    const keyId = (role === 'counsellor' ? coming.pair.keyId : null) ?? noKey;
    this.#doorway.coming = null;
    await this.#sign([...before, { id: idBytes(id), role, name: shortened(name), keyId }]);
    if (colleague) this.#colleagues.set(id, colleague);
    if (takesOver) this.#handsOnTo = id;
    this.#doorway.close();
    this.#circle.proposals.done();
    if (this.#circle.link) this.#circle.proposals.show(null);
    for (const one of before) {
      const other = toBase64Url(one.id);
      if (other !== this.own) await this.#introduce(id, other);
    }
  }

  /** A room for two others, and a key that lets them know each other where neither has a certificate. */
  async #introduce(asking: MemberId, answering: MemberId): Promise<void> {
    const { members, talk, kept } = this.#circle;
    const roleOf = (member: MemberId) => members.find(({ id }) => id === member)?.role;
    // Whoever has a certificate answers with it.
    if (roleOf(asking) === 'counsellor') return this.#introduce(answering, asking);
    this.#introducedAt.set(nameOfBoth(asking, answering), Date.now());
    const room = await this.room(this.#colleagues.get(answering) ?? 'guest');
    if (!room) return;
    const both = {
      kind: 'pair-introduced',
      of: kept.of,
      conversation: room.conversation,
      invitation: toBase64Url(crypto.getRandomValues(new Uint8Array(32))),
      certified: roleOf(answering) === 'counsellor'
    } as const;
    const [one, other] = [talk.pairs.of(asking), talk.pairs.of(answering)];
    void one?.send({ ...both, member: answering, capability: room.asking, asking: true });
    void other?.send({ ...both, member: asking, capability: room.answering, asking: false });
  }

  /** Who is there now; the first roster begins with the two who have talked until now. */
  async #membersNow(): Promise<readonly Member[]> {
    const { who, talk } = this.#circle;
    const { party } = talk.parts;
    if (who.signed.length > 0 || party.role !== 'counsellor' || !talk.first) return who.signed;
    const keyId = (await party.keyId()) ?? noKey;
    talk.first.member = randomId();
    return [
      { id: idBytes(talk.first.member), role: 'visitor', name: '', keyId: noKey },
      { id: idBytes(this.own), role: 'counsellor', name: shortened(party.name), keyId }
    ];
  }

  async #sign(members: readonly Member[], gone?: 'left' | 'removed'): Promise<void> {
    const { pairs } = this.#circle.talk;
    const bytes = await this.#signed(members);
    const own = this.#signer;
    if (!bytes || !own) return;
    // Told to those who leave as well, and only then is anybody let go.
    const ids = new Set(members.map(({ id }) => toBase64Url(id)));
    for (const pair of pairs.all)
      if (pair.member && !ids.has(pair.member)) this.#circle.telling.one(pair, bytes, gone);
    await this.#circle.take(bytes, own, gone);
    for (const pair of pairs.all) this.#circle.telling.rosters(pair, gone);
  }

  async #signed(members: readonly Member[]): Promise<Uint8Array | null> {
    const { rosters, kept } = this.#circle;
    const keys = await this.#signer?.sealed.keys;
    return keys ? rosters.sign(members, idBytes(kept.of), keys) : null;
  }

  /** A pair whose worker holds this counsellor's key. */
  get #signer(): Pair | null {
    const { first, pairs } = this.#circle.talk;
    return (
      pairs.all.find((pair) => pair === first || pair.sealed.kept.pair?.role === 'counsellor') ??
      null
    );
  }
}

const nameOfBoth = (one: MemberId, other: MemberId): string => [one, other].toSorted().join();

/** At most 80 bytes of UTF-8. */
function shortened(name: string): string {
  const whole = name.trim();
  const { read } = new TextEncoder().encodeInto(whole, new Uint8Array(80));
  return whole.slice(0, read);
}
