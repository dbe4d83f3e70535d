import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ticketName } from '#shared/crypto/ticket.ts';
import type { MissedRule } from '#shared/booking/rules.ts';
import type { PlannedShift } from '#shared/plan/planned-shift.ts';
import type { Visitor } from '#shared/visitor/visitor.ts';
import type { AnswerOf, Call, RequestOf } from '#shared/wire/define-call.ts';
import { createBooking, type Booking } from '#server/booking/booking.ts';
import { createPlan, type PlanSide } from '#server/plan/create-plan.ts';
import type { Durable } from '#server/store/durable/durable.ts';
import { embeddedHouse } from '#server/store/volatile/embedded-house.ts';
import type { Connection } from '#server/wire/connection.ts';
import { conversationName } from '#server/klippekort/conversation-name.ts';
import { openDurable } from '#tests/support/durable.ts';

/** A disk for figures; memory for stories. */
const memory = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();
export const hour = 3_600_000;
export const day = 24 * hour;

export const young: Visitor = { kind: 'young', age: 'under-18', language: 'da' };
export const parent: Visitor = { kind: 'parent', age: null, language: 'da' };
export const professional: Visitor = { kind: 'professional', age: null, language: 'da' };

interface Options {
  readonly now?: number;
  readonly missed?: MissedRule;
  readonly onDisk?: boolean;
  /** Of a house that was there before. */
  readonly folder?: string;
  readonly secret?: Uint8Array;
  /** Another store than the one of this file. */
  readonly openDurable?: typeof openDurable;
}

/** A ticket on a device: the secret, and what it books with. */
export function aTicket() {
  const secret = randomBytes(32);
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
  return { ticket: text(secret), name: text(ticketName(secret)) };
}

export const aKey = () => randomBytes(16).toString('base64url');

/** A clip as the wire has it; whether it is one is said by the house of the test. */
export const aShownClip = (
  stage: 'ordinary' | 'fifth' | 'pending' | 'decision-involve' = 'ordinary'
) => ({
  holder: 'young-under-18' as const,
  stage,
  epoch: 2026,
  nonce: randomBytes(32).toString('base64url'),
  blindedNext: randomBytes(32).toString('base64url'),
  blindedRefund: randomBytes(32).toString('base64url'),
  tag: randomBytes(32).toString('base64url')
});

/** Bookings and plan over a real store; the card, the queue and the proof are played by the test. */
export class AHouse {
  readonly folder: string;
  readonly secret: Uint8Array;
  now: number;
  booking: Booking;
  plan: PlanSide;
  durable: Durable;
  readonly closed = new Set<string>();
  readonly arrived: { conversation: string; account: string }[] = [];
  private readonly options: Options;

  private constructor(options: Options, folder: string, durable: Durable) {
    this.options = options;
    // A Monday at nine in Copenhagen, no change of the clock near.
    this.now = options.now ?? Date.UTC(2026, 10, 23, 8);
    this.secret = options.secret ?? randomBytes(32);
    this.folder = folder;
    this.durable = durable;
    [this.booking, this.plan] = this.inside();
  }

  static async open(options: Options = {}): Promise<AHouse> {
    const place = options.onDisk ? tmpdir() : memory;
    const folder = options.folder ?? mkdtempSync(join(place, 'frirum-house-'));
    return new AHouse(options, folder, await (options.openDurable ?? openDurable)(folder));
  }

  private inside(): [Booking, PlanSide] {
    const { bookings, plan, messages } = this.durable;
    const clock = { now: () => this.now };
    const zone = 'Europe/Copenhagen';
    const booking = createBooking({
      ...{ bookings, plan, messages, secret: this.secret, clock, zone },
      cancelHours: 24,
      allowance: embeddedHouse(clock).allowance,
      missed: this.options.missed ?? 'given-back-once',
      checkProof: async (proof) => (proof === 'good' ? 'good' : 'refused'),
      checkClip: async ({ nonce, blindedNext, tag }) =>
        tag.startsWith('wrong')
          ? 'wrong-tag'
          : { id: bytesOf(nonce), elements: bytesOf(blindedNext), expires: 2027 },
      nameOf: (conversation) => conversationName(this.secret, conversation),
      issueCapability: (conversation) => `capability-of-${conversation}-`.padEnd(60, '-'),
      enterAhead: async ({ conversation, account }) => {
        this.arrived.push({ conversation, account });
        return { turn: 0, place: { place: 1, estimate: 0, onShift: 1 } };
      },
      isClosed: async (conversation) => this.closed.has(conversation),
      close: async (conversation) => void this.closed.add(conversation)
    });
    const { relocation } = booking;
    return [booking, createPlan({ plan, clock, zone, relocation })];
  }

  /** The process dies and comes back over the same file. */
  async restart(): Promise<void> {
    await this.durable.close();
    this.durable = await (this.options.openDurable ?? openDurable)(this.folder);
    [this.booking, this.plan] = this.inside();
  }

  async stop(): Promise<void> {
    await this.durable.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** A counsellor of this house. */
  async counsellor(name: string): Promise<string> {
    const id = randomUUID();
    await this.durable.accounts.add([
      {
        ...{ id, name: name.toLowerCase(), shownName: name, role: 'counsellor' as const },
        ...{ password: '$argon2id$', totpSecret: null, state: 'active' as const, seenDay: null }
      }
    ]);
    return id;
  }

  /** Asks as a socket does: through JSON both ways, checked by the door. @param as the account of who asks */
  ask = async <C extends Call>(
    call: C,
    request: RequestOf<C>,
    as: string | null = null
  ): Promise<AnswerOf<C>> => {
    const served = [...this.booking.served, ...this.plan.served].find(
      (one) => one.call.name === call.name
    );
    if (!served) throw new Error(`nobody serves ${call.name}`);
    const from = { account: as === null ? null : { id: as }, line: null, waitingFor: null };
    const answer = await served.answer(
      JSON.parse(JSON.stringify(request)),
      from as unknown as Connection
    );
    return JSON.parse(JSON.stringify(answer)) as AnswerOf<C>;
  };
}

/** What a shown clip is called where it is spent. */
export const clipIdOf = ({ nonce }: { readonly nonce: string }) => bytesOf(nonce);

const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'));

/** Three slots of an hour every Tuesday afternoon in a chat, from the day the test begins. */
export const tuesdays = (account: string, change: Partial<PlannedShift> = {}): PlannedShift => ({
  id: randomUUID(),
  account,
  when: { repeats: 'weekly', weekday: 2, from: '2026-11-23', until: null },
  start: '15:00',
  end: '18:00',
  zone: 'Europe/Copenhagen',
  slotMinutes: 45,
  pauseMinutes: 15,
  offer: {
    place: { kind: 'chat' },
    languages: ['da', 'en'],
    kinds: ['young', 'parent', 'professional'],
    purposes: ['conversation', 'advice', 'case', 'joint'],
    seats: 1
  },
  ...change
});
