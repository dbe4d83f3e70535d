import { randomInt } from 'node:crypto';
import * as v from 'valibot';
import { Booked, book } from '#shared/booking/calls.ts';
import { doorWords, wordPairs } from '#shared/booking/door-words.ts';
import { horizonDays, isFor, isFull, isWeekly, mayShow, needsClip } from '#shared/booking/rules.ts';
import { isSealedLength } from '#shared/crypto/sealed-note.ts';
import { accept, refuse, type RequestOf } from '#shared/wire/define-call.ts';
import type { BookingOrder } from '#server/store/durable/bookings.ts';
import type { StoredSlot } from '#server/store/durable/plan.ts';
import { serve } from '#server/wire/serve.ts';
import { toFreeSlot } from './free-slots.ts';
import { TurnsAtSlot } from './turns-at-slot.ts';
import { conversationOfName, storedKey, storedRequest, storedTicket } from './names.ts';
import type { ClipRefusal, Office } from './office.ts';

type Request = RequestOf<typeof book>;
type Order = Request['orders'][number];

/** What is wrong with the clip that is shown. */
type ClipSays = `clip-${ClipRefusal | 'wrong-holder' | 'wrong-stage'}`;

const day = 86_400_000;

/** Slot and clip in one step: all that is asked for, or a named refusal and nothing changed. */
export const serveBook = (office: Office) => {
  const turns = new TurnsAtSlot();
  return serve(book, (request) =>
    turns.take(
      request.orders[0]?.slot ?? 0,
      async () => (await answeredBefore(office, request)) ?? bookAll(office, request)
    )
  );
};

async function bookAll(office: Office, request: Request) {
  const { bookings, clock, free } = office;
  const { visitor, purpose, orders } = request;
  const now = clock.now();
  const slots = await Promise.all(orders.map(({ slot }) => free.slot(slot)));
  const found = slots.flatMap((slot) => (slot?.isOpen ? [slot] : []));
  if (found.length < orders.length) return refuse('slot-gone');
  if (found.some(({ start }) => start <= now)) return refuse('slot-past');
  if (found.some(({ start }) => start >= now + horizonDays * day)) return refuse('slot-gone');
  if (!found.every(({ offer }) => isFor(offer, visitor, purpose)))
    return refuse('slot-not-for-this');
  if (!isSeries(found)) return refuse('not-a-series');
  if (orders.some(({ note }) => note !== null && !isSealedLength(note)))
    return refuse('note-too-long');
  const full = found.find(isFull);
  if (full) return taken(office, full, request);

  const unfit = await checkCost(office, request);
  if (unfit) return refuse(unfit);
  const written: BookingOrder[] = [];
  for (const [at, order] of orders.entries()) {
    const slot = found[at];
    const one = slot && (await write(office, request, order, slot));
    if (typeof one === 'string') return refuse(one);
    if (one) written.push(one);
  }
  const done = await bookings.book(written, clock.now());
  if (done.outcome === 'booked') return accept(booked(done.answers));
  if (done.outcome !== 'slot-taken') return refuse(done.outcome);
  await free.all();
  const lost = found.find(({ id }) => id === done.slot);
  return lost ? taken(office, lost, request) : refuse('slot-gone');
}

const booked = (answers: readonly string[]) => ({
  outcome: 'booked' as const,
  bookings: answers.map((answer) => v.parse(Booked, JSON.parse(answer)))
});

async function taken({ free }: Office, slot: StoredSlot, { visitor, purpose }: Request) {
  const alternatives = await free.alternatives(slot, visitor, purpose);
  return accept({ outcome: 'slot-taken' as const, slot: slot.id, alternatives });
}

/** What a device asks again was answered, if it was: before anything is checked that is used up by then. */
async function answeredBefore({ bookings, secret }: Office, request: Request) {
  const known = await Promise.all(
    request.orders.map(async (order) => {
      const done = await bookings.answered(storedKey(secret, order.key));
      if (!done) return null;
      const isSame = Buffer.compare(done.request, requestOf(secret, request, order)) === 0;
      return isSame ? done.answer : false;
    })
  );
  if (known.every((one) => one === null)) return null;
  const answers = known.filter((one) => typeof one === 'string');
  return answers.length === known.length ? accept(booked(answers)) : refuse('key-reused');
}

/** The proof is for this try only, and no part of what is asked. */
const requestOf = (secret: Uint8Array, { visitor, purpose }: Request, order: Order): Uint8Array =>
  storedRequest(secret, { visitor, purpose, order });

/** The same counsellor in the same zone, a week between each. */
const isSeries = (slots: readonly StoredSlot[]): boolean =>
  slots.every(
    ({ account, offer }) => account === slots[0]?.account && offer.zone === slots[0]?.offer.zone
  ) && isWeekly(slots.map(({ start }) => start));

/** A clip, or work and a place under the limit of the house. */
async function checkCost(office: Office, { visitor, purpose, orders, proof }: Request) {
  const without = orders.filter(({ clip }) => clip === null).length;
  if (without === 0) return null;
  if (needsClip(visitor, purpose)) return 'clip-missing' as const;
  if (proof === null) return 'proof-missing' as const;
  const checked = await office.checkProof(proof);
  if (checked !== 'good') return `proof-${checked}` as const;
  return (await office.withoutClip.take('', without)) ? null : ('house-busy' as const);
}

async function write(
  office: Office,
  request: Request,
  order: Order,
  slot: StoredSlot
): Promise<BookingOrder | ClipSays> {
  const { secret, nameOf, checkClip } = office;
  const { visitor, purpose } = request;
  const conversation = conversationOfName(order.ticket);
  let clip: BookingOrder['clip'] = null;
  if (order.clip) {
    const may = mayShow(order.clip, visitor, purpose);
    if (may) return `clip-${may}`;
    const shown = await checkClip(order.clip, conversation);
    if (typeof shown === 'string') return `clip-${shown}`;
    clip = { shown, stage: order.clip.stage };
  }
  const words = randomInt(wordPairs);
  const answer = { ...toFreeSlot(slot), words: doorWords(words) };
  return {
    ticket: storedTicket(secret, order.ticket),
    slot: slot.id,
    conversation: nameOf(conversation),
    visitor,
    purpose,
    words,
    note: order.note === null ? null : Buffer.from(order.note, 'base64url'),
    clip,
    done: {
      key: storedKey(secret, order.key),
      request: requestOf(secret, request, order),
      answer: JSON.stringify(answer)
    }
  };
}
