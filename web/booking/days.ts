// Days as the calendar writes them, `2026-11-25`: without a zone, so that no clock changes in between.

const day = 86_400_000;
const midnight = (date: string): number => Date.parse(`${date}T00:00:00Z`);

/** Made once a zone: a browser takes a while to make one. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The day a moment falls on in a zone. @param at milliseconds since 1970 */
export function dateIn(zone: string, at: number): string {
  let format = formats.get(zone);
  if (!format) {
    // Swedes write dates as ISO 8601 does.
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
    formats.set(zone, format);
  }
  return format.format(at);
}

export const addDays = (date: string, days: number): string =>
  new Date(midnight(date) + days * day).toISOString().slice(0, 10);

export const mondayOf = (date: string): string =>
  addDays(date, -((new Date(midnight(date)).getUTCDay() + 6) % 7));

/** Where whoever looks at the page is, as their device says. */
export const ownZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
