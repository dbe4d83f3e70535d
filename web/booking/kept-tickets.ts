import * as v from 'valibot';
import { Klippekort } from '#shared/klippekort/card.ts';
import { Visitor } from '#shared/visitor/visitor.ts';
import { Base64Url } from '#shared/wire/bytes.ts';

/** In this tab only, or on this device: the holder's choice, as with the card. */
export type KeptIn = 'tab' | 'device';

/**
 * A ticket as a device keeps it: the secret, and the clip bound to it. No time and no place: those are
 * looked up with it.
 */
const KeptTicket = v.strictObject({
  /** 32 bytes. */
  ticket: Base64Url(32),
  /** Null for one that came from paper. */
  visitor: v.nullable(Visitor),
  clip: v.nullable(Klippekort),
  /** The key of a meeting's agenda, 32 bytes, of who came by a link. */
  agenda: v.optional(Base64Url(32)),
  /** What the clip came to, once it is known: said until the ticket is thrown away. */
  came: v.optional(v.picklist(['used', 'back', 'card'])),
  /** Whether the server has said that it is booked. */
  isSure: v.boolean()
});
export type KeptTicket = v.InferOutput<typeof KeptTicket>;
const KeptTickets = v.array(KeptTicket);

const name = 'frirum-tickets';
const storeOf = (where: KeptIn): Storage => (where === 'tab' ? sessionStorage : localStorage);

export function loadTickets(): { where: KeptIn | null; tickets: KeptTicket[] } {
  for (const where of ['tab', 'device'] as const) {
    const tickets = read(storeOf(where).getItem(name) ?? '');
    if (tickets) return { where, tickets };
  }
  return { where: null, tickets: [] };
}

export function keepTickets(where: KeptIn, tickets: readonly KeptTicket[]): void {
  if (tickets.length === 0) storeOf(where).removeItem(name);
  else storeOf(where).setItem(name, JSON.stringify(tickets));
}

/** There first, then no longer here. */
export function moveTickets(to: KeptIn, tickets: readonly KeptTicket[]): void {
  keepTickets(to, tickets);
  storeOf(to === 'tab' ? 'device' : 'tab').removeItem(name);
}

function read(text: string): KeptTicket[] | null {
  try {
    const kept = v.safeParse(KeptTickets, JSON.parse(text));
    return kept.success ? kept.output : null;
  } catch {
    return null;
  }
}
