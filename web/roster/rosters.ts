import type { Member, Roster } from '#shared/crypto/roster.ts';
import { fromBase64Url, toBase64Url } from '#shared/wire/bytes.ts';
import type { KeptCircle } from '../conversation/kept.ts';
import type { Keys } from '../keys/keys.ts';
import { organisationKey } from '../keys/organisation-key.ts';
import { revokedSerials } from '../keys/revoked-serials.ts';

type Known = NonNullable<KeptCircle['roster']>;
type OpenRoster = Awaited<ReturnType<Keys['openRoster']>>;

/** What another says it has seen. */
interface Claim {
  readonly epoch: number;
  readonly hash: string;
}

/** The rosters that this page has accepted, in order; every page of a conversation holds the same ones. */
export class Rosters {
  #known: Known | null;
  #last: Roster | null = null;
  readonly #hashes = new Map<number, string>();
  readonly #signed = new Map<number, Uint8Array>();

  /** @param known what was accepted before a reload */
  constructor(known: Known | null) {
    this.#known = known;
    if (known) this.#hashes.set(known.epoch, known.hash);
  }

  get epoch(): number {
    return this.#known?.epoch ?? 0;
  }
  get known(): Known | null {
    return this.#known;
  }
  get members(): readonly Member[] {
    return this.#last?.members ?? [];
  }
  /** After a reload nobody's name is known until the roster is told again. */
  get isNamed(): boolean {
    return this.#last !== null;
  }

  /** Those that somebody who joined with one of them has to know, as they were signed. */
  since(joined: number): Uint8Array[] {
    const order = [...this.#signed].toSorted(([one], [other]) => one - other);
    return order.filter(([epoch]) => epoch >= joined).map(([, bytes]) => bytes);
  }

  /** @param expectedSigner who must have signed the first one seen */
  async open(
    bytes: Uint8Array,
    conversation: Uint8Array,
    keys: Keys,
    expectedSigner: Uint8Array | null
  ): Promise<OpenRoster> {
    const known = this.#known && {
      epoch: this.#known.epoch,
      hash: bytesOf(this.#known.hash),
      members: this.#known.members.map(({ role, keyId }) => ({
        role: role as Member['role'],
        keyId: bytesOf(keyId)
      }))
    };
    const trust = {
      organisationKey: organisationKey(),
      revokedSerials: await revokedSerials(),
      conversation,
      known
    };
    return keys.openRoster(
      bytes,
      known ? trust : { ...trust, expectedSigner: expectedSigner ?? undefined }
    );
  }

  accept(roster: Roster, bytes: Uint8Array): void {
    const hash = toBase64Url(roster.hash);
    this.#last = roster;
    this.#known = {
      epoch: roster.epoch,
      hash,
      members: roster.members.map(({ role, keyId }) => ({ role, keyId: toBase64Url(keyId) }))
    };
    this.#hashes.set(roster.epoch, hash);
    this.#signed.set(roster.epoch, bytes);
  }

  /** Signs who takes part from now on. */
  async sign(
    members: readonly Member[],
    conversation: Uint8Array,
    keys: Keys
  ): Promise<Uint8Array | null> {
    const previous = this.#known ? bytesOf(this.#known.hash) : new Uint8Array(32);
    const order = { conversation, epoch: this.epoch + 1, previous, members };
    const signed = await keys.signRoster(order);
    return signed.kind === 'signed' ? signed.bytes : null;
  }

  /** Whether two who both know that epoch have seen different rosters. */
  contradicts({ epoch, hash }: Claim): boolean {
    const own = this.#hashes.get(epoch);
    return own !== undefined && own !== hash;
  }
}

const bytesOf = (text: string): Uint8Array => fromBase64Url(text) ?? new Uint8Array(0);
