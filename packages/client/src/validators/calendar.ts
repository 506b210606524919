/** Converts days of PostgreSQL's calendar: always Gregorian, starting in 4714 BC, without a year 0. */

/** The day of a date, counted from 1970-01-01. Undefined for 2026-02-30 and for any text that PostgreSQL does not read as a date. */
export function dayOf(text: string, isBeforeChrist: boolean): number | undefined {
  const [, years = '', months = '', days = ''] = DATE.exec(text) ?? [];
  const writtenYear = Number(years);
  const month = Number(months);
  const day = Number(days);
  if (writtenYear === 0 || month < 1 || month > 12) return undefined;
  const year = isBeforeChrist ? 1 - writtenYear : writtenYear;
  return day >= 1 && day <= daysIn(year, month) ? daysSinceEpoch(year, month, day) : undefined;
}

/** The date of a day, counted from 1970-01-01. ` BC` is separate, because in a timestamp it comes after the time. */
export function dateOf(dayNumber: number): { readonly date: string; readonly era: '' | ' BC' } {
  // The year starts in March, so that a leap day is its last day: https://howardhinnant.github.io/date_algorithms.html
  // 719,468 days are from 0000-03-01 to 1970-01-01; 146,097 days are a cycle of 400 years.
  const daysSinceYear0 = dayNumber + 719_468;
  const cycle = Math.floor(daysSinceYear0 / 146_097);
  const dayOfCycle = daysSinceYear0 - cycle * 146_097;
  const yearOfCycle = Math.floor(
    (dayOfCycle - Math.floor(dayOfCycle / 1_460) + Math.floor(dayOfCycle / 36_524) - Math.floor(dayOfCycle / 146_096)) /
      365,
  );
  const dayOfYear = dayOfCycle - (365 * yearOfCycle + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100));
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0);
  const date = `${padDigits(year > 0 ? year : 1 - year, 4)}-${padDigits(month, 2)}-${padDigits(day, 2)}`;
  return { date, era: year > 0 ? '' : ' BC' };
}

function padDigits(number: number, length: number): string {
  return String(number).padStart(length, '0');
}

/** 4714-11-24 BC, PostgreSQL's first day. */
export const FIRST_DAY = -2_440_588;
/** 5874897-12-31, the last day of `date`. */
export const LAST_DATE = 2_145_042_905;
/** 294276-12-31, the last day of `timestamp`. */
export const LAST_TIMESTAMP_DAY = 106_762_939;

const DATE = /^(\d{4}|[1-9]\d{4,6})-(\d\d)-(\d\d)$/;

/** The inverse of `dateOf`. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const yearFromMarch = month <= 2 ? year - 1 : year;
  const cycle = Math.floor(yearFromMarch / 400);
  const yearOfCycle = yearFromMarch - cycle * 400;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const dayOfCycle = yearOfCycle * 365 + Math.floor(yearOfCycle / 4) - Math.floor(yearOfCycle / 100) + dayOfYear;
  return cycle * 146_097 + dayOfCycle - 719_468;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}
