import { randomUUID } from 'node:crypto';
import { saveShift, seePlan } from '#shared/plan/calls.ts';
import type { PlannedShift } from '#shared/plan/planned-shift.ts';
import type { RunningApp } from './app.ts';
import { connect, signIn, valueOf } from './people.ts';

type House = Pick<RunningApp, 'origin' | 'password'>;
const day = 86_400_000;

/** The lead at a socket: plans shifts, and hears of bookings. */
export async function aLead(house: House) {
  const cookie = await signIn(house, 'karen');
  return connect(house, { cookie, as: 'staff' });
}

/** `2026-11-25`, so many days from now, in Copenhagen. */
export const dateAhead = (days: number): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Copenhagen' }).format(
    Date.now() + days * day
  );

/** A shift in the days that come, of everything for everybody, unless said otherwise. */
export async function plan(
  house: House,
  name: string,
  change: Partial<Omit<PlannedShift, 'offer'>> & { offer?: Partial<PlannedShift['offer']> } = {}
): Promise<void> {
  const lead = await aLead(house);
  const { counsellors } = await valueOf(lead.ask(seePlan, {}));
  const account = counsellors.find((one) => one.name === name)?.account;
  if (!account) throw new Error(`nobody is called ${name}`);
  const shift: PlannedShift = {
    id: randomUUID(),
    account,
    when: { repeats: 'once', date: dateAhead(3) },
    start: '14:00',
    end: '17:00',
    zone: 'Europe/Copenhagen',
    slotMinutes: 45,
    pauseMinutes: 15,
    ...change,
    offer: {
      place: { kind: 'chat' },
      languages: ['da', 'en'],
      kinds: ['young', 'parent', 'professional'],
      purposes: ['conversation', 'advice', 'case', 'talk', 'course', 'joint'],
      seats: 1,
      ...change.offer
    }
  };
  const answer = await valueOf(lead.ask(saveShift, { shift }));
  lead.leave();
  if (answer.outcome !== 'changed') throw new Error(answer.outcome);
}

/** A slot of a chat that begins in so many minutes, wherever it is noon now: no day ends under a test. */
export function soon(minutes: number): Partial<PlannedShift> {
  const noon = 12 - new Date().getUTCHours();
  // In these names the sign is the other way round (IANA, etcetera).
  const zone = noon === 0 ? 'Etc/GMT' : `Etc/GMT${noon > 0 ? '-' : '+'}${Math.abs(noon)}`;
  const text = (how: Intl.DateTimeFormatOptions, at: number) =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: zone, ...how }).format(at);
  const start = Math.ceil((Date.now() + minutes * 60_000) / 60_000) * 60_000;
  const time = (at: number) => text({ hour: '2-digit', minute: '2-digit' }, at);
  return {
    when: { repeats: 'once', date: text({}, start) },
    start: time(start),
    end: time(start + 30 * 60_000),
    zone,
    slotMinutes: 30,
    pauseMinutes: 0
  };
}
