import type { Member } from '#shared/crypto/roster.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';
import type { Pairs } from '../conversation/pairs.svelte.ts';
import { memberName } from './member-name.ts';
import type { MemberView } from './view.ts';

/** Who is there, as the last roster says. */
export class Members {
  #all = $state.raw<readonly Member[]>([]);
  readonly #me: () => string | null;
  readonly #pairs: Pairs;

  /** @param me which of them reads here */
  constructor(me: () => string | null, pairs: Pairs) {
    this.#me = me;
    this.#pairs = pairs;
  }

  /** As they are signed. */
  get signed(): readonly Member[] {
    return this.#all;
  }
  get views(): readonly MemberView[] {
    return this.#all.map(({ id, role, name }) => {
      const member = toBase64Url(id);
      const isMe = member === this.#me();
      const isHere = isMe || (this.#pairs.of(member)?.isHere ?? false);
      return { id: member, role, name: name || null, isMe, isHere };
    });
  }
  /** The counsellor who came first introduces people to each other. */
  get leader(): MemberView | null {
    return this.views.find(({ role }) => role === 'counsellor') ?? null;
  }

  set(members: readonly Member[]): void {
    this.#all = members;
  }

  has(member: string): boolean {
    return this.find(member) !== null;
  }
  find(member: string | null): MemberView | null {
    return this.views.find(({ id }) => id === member) ?? null;
  }

  /** What a member is called on this page. */
  called(member: string | null): string | null {
    const known = this.find(member);
    return known && memberName(known.name, known.role);
  }
}
