const daysIn = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isDay = (day: number, month: number): boolean => day >= 1 && day <= (daysIn[month - 1] ?? 0);

/**
 * Whether ten digits can be a CPR number: the first six are a date. The modulus is not asked for, numbers
 * given since 2007 have none (cpr.dk, "Personnumre uden kontrolciffer").
 */
export function isCpr(part: string): boolean {
  const [day, month] = [Number(part.slice(0, 2)), Number(part.slice(2, 4))];
  // Somebody without a fixed address has 60 added to the day.
  return isDay(day > 60 ? day - 60 : day, month);
}

/** Whether eight digits are a date: day, month, year, or the other way round. */
export function looksLikeDate(part: string): boolean {
  const digits = part.replace(/\D/g, '');
  const [day, month, year] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)];
  const isYear = (one: string) => /^(?:19|20)\d\d$/.test(one);
  if (isYear(year) && isDay(Number(day), Number(month))) return true;
  return isYear(digits.slice(0, 4)) && isDay(Number(digits.slice(6)), Number(digits.slice(4, 6)));
}
