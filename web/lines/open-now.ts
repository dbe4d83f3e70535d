import lines from './lines.json' with { type: 'json' };

export type Line = (typeof lines)[number];
type Hours = Line['hours'][number];
export { lines };

/** A number as it is shown: its groups stay together, and in their order beside Arabic. */
export const asOne = (number: string): string => number.replaceAll(' ', '\u00a0');

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Copenhagen',
  weekday: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23'
});
const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Whether a line answers at this moment, Danish time. Hours may run past midnight. */
export function isOpen(line: Line, now: Date): boolean {
  const part = Object.fromEntries(clock.formatToParts(now).map(({ type, value }) => [type, value]));
  const day = days.indexOf(part['weekday'] ?? '') + 1;
  const time = `${part['hour']}:${part['minute']}`;
  const dayBefore = day === 1 ? 7 : day - 1;
  return line.hours.some(({ days, from, to }) =>
    from < to
      ? days.includes(day) && from <= time && time < to
      : (days.includes(day) && from <= time) || (days.includes(dayBefore) && time < to)
  );
}

/** Open day and night, every day of the week. */
export function isAlwaysOpen(line: Line): boolean {
  const whole = (hours: Hours) => hours.from === '00:00' && hours.to === '24:00';
  return line.hours.some((hours) => whole(hours) && hours.days.length === 7);
}
