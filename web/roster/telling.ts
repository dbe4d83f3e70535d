import type { RosterPayload } from '#shared/roster/payload.ts';
import { toBase64Url } from '#shared/wire/bytes.ts';
import type { Pair } from '../conversation/pair.svelte.ts';
import type { Rosters } from './rosters.ts';

export type Why = (RosterPayload & { kind: 'roster' })['gone'];

/** What each of the others has been told about who is there. */
export class Telling {
  readonly #rosters: Rosters;
  readonly #conversation: () => string;
  /** The last roster that each pair was given, and the last one that it was told is known here. */
  readonly #told = new Map<Pair, number>();
  readonly #seen = new Map<Pair, number>();

  constructor(rosters: Rosters, conversation: () => string) {
    this.#rosters = rosters;
    this.#conversation = conversation;
  }

  /** One roster, to one who is in it or was. */
  one(pair: Pair, bytes: Uint8Array, gone?: Why): void {
    if (!pair.member) return;
    const told = {
      kind: 'roster',
      conversation: this.#conversation(),
      bytes: toBase64Url(bytes),
      you: pair.member
    } as const;
    void pair.send(gone ? { ...told, gone } : told);
  }

  /** All rosters that this one has to know and has not been told yet. */
  rosters(pair: Pair, gone?: Why): void {
    if (!pair.isSecured || !pair.member) return;
    const from = Math.max(pair.joined, (this.#told.get(pair) ?? 0) + 1);
    for (const bytes of this.#rosters.since(from)) this.one(pair, bytes, gone);
    this.#told.set(pair, this.#rosters.epoch);
  }

  /** A page that was reloaded knows nothing any more. */
  again(pair: Pair): void {
    this.#told.delete(pair);
    this.rosters(pair);
  }

  /** The first word in a new pair, and after every change: which roster is known here. */
  seen(pair: Pair): void {
    const { known } = this.#rosters;
    if (!known || !pair.isSecured || this.#seen.get(pair) === known.epoch) return;
    this.#seen.set(pair, known.epoch);
    void pair.send({ kind: 'roster-seen', epoch: known.epoch, hash: known.hash });
  }
}
