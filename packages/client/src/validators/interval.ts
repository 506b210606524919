/** The schema for `interval`: months, days and microseconds, which PostgreSQL stores separately. */
import { canonicalText, type Reading } from './canonical-text.ts';
import { clockText } from './clock.ts';
import type * as z from './zod.ts';

/** The precision and fields of a Drizzle column. Drizzle does not declare a precision of 0. */
export interface IntervalColumn {
  readonly fields: string | undefined;
  readonly precision: number | undefined;
}

/** Accepts PostgreSQL's form (`1 year 2 mons 3 days 04:05:06.7`), full unit names, and ISO 8601 (`P1Y2M3DT4H5M6.7S`). */
export function intervalText(column: IntervalColumn): z.ZodString {
  return canonicalText(NOT_AN_INTERVAL, (text) => {
    const interval = text.startsWith('P') ? parseIso(text) : parseWords(text);
    return interval === undefined ? { refused: NOT_AN_INTERVAL } : toColumnFields(interval, column);
  });
}

interface Interval {
  months: bigint;
  days: bigint;
  microseconds: bigint;
}

const NOT_AN_INTERVAL = 'Not an interval such as 3 days 04:05:06';
const INT4_MAX = 2n ** 31n - 1n;
const INT8_MAX = 2n ** 63n - 1n;
/** In microseconds. */
const SECOND = 1_000_000n;

/** The value of each unit. PostgreSQL's short forms, such as `mon` and `mins`, are included. */
const UNITS: Readonly<Record<string, readonly [part: keyof Interval, factor: bigint]>> = {
  year: ['months', 12n],
  month: ['months', 1n],
  mon: ['months', 1n],
  week: ['days', 7n],
  day: ['days', 1n],
  hour: ['microseconds', 3_600n * SECOND],
  minute: ['microseconds', 60n * SECOND],
  min: ['microseconds', 60n * SECOND],
  second: ['microseconds', SECOND],
  sec: ['microseconds', SECOND],
};
/** The letters of ISO 8601, before and after its `T`. */
const DATE_UNITS: Readonly<Record<string, string>> = { Y: 'year', M: 'month', W: 'week', D: 'day' };
const TIME_UNITS: Readonly<Record<string, string>> = { H: 'hour', M: 'minute' };

function parseIso(text: string): Interval | undefined {
  const [match, dates = '', times] = ISO.exec(text) ?? [];
  if (match === undefined || (dates === '' && times === undefined)) return undefined;
  const interval = { months: 0n, days: 0n, microseconds: 0n };
  for (const [, amount = '', letter = ''] of dates.matchAll(/(-?\d+)([YMWD])/g)) {
    addAmount(interval, amount, DATE_UNITS[letter]);
  }
  for (const [, amount = '', letter = ''] of (times ?? '').matchAll(/(-?[\d.]+)([HMS])/g)) {
    if (letter === 'S') interval.microseconds += microsecondsOf(amount);
    else addAmount(interval, amount, TIME_UNITS[letter]);
  }
  return interval;
}

/** Here `N` stands for a number. The groups are the parts before and after the `T`. */
const ISO = new RegExp(
  String.raw`^P((?:NY)?(?:NM)?(?:NW)?(?:ND)?)(?:T(?=[-\d])((?:NH)?(?:NM)?(?:N(?:\.\d{1,6})?S)?))?$`.replaceAll(
    'N',
    String.raw`-?\d{1,12}`,
  ),
);

function parseWords(text: string): Interval | undefined {
  const [match, parts = '', sign, hours = '', minutes = '', seconds = '0'] = WORDS.exec(text) ?? [];
  if (match === undefined || text === '' || Number(minutes) > 59 || Number(seconds) >= 60) return undefined;
  const interval = { months: 0n, days: 0n, microseconds: 0n };
  for (const [, amount = '', unit = ''] of parts.matchAll(/([+-]?\d+) ([a-z]+?)s?(?: |$)/g)) {
    if (UNITS[unit] === undefined) return undefined;
    addAmount(interval, amount, unit);
  }
  const time = (BigInt(hours) * 3_600n + BigInt(minutes) * 60n) * SECOND + microsecondsOf(seconds);
  interval.microseconds += sign === '-' ? -time : time;
  return interval;
}

/** The groups are the amounts with their units, and the sign, hours, minutes and seconds of the time. */
const WORDS =
  /^((?:[+-]?\d{1,12} [a-z]+(?: |$))*)(?:(?<=^| )([+-]?)(\d{1,12}):(\d\d)(?::(\d\d(?:\.\d{1,6})?))?)?(?<! )$/;

function addAmount(interval: Interval, amount: string, unit: string | undefined): void {
  const [part, factor] = UNITS[unit ?? ''] ?? [];
  if (part !== undefined && factor !== undefined) interval[part] += BigInt(amount.replace('+', '')) * factor;
}

function microsecondsOf(seconds: string): bigint {
  const [whole = '', fraction = ''] = seconds.split('.');
  return BigInt(`${whole.replace('+', '')}${fraction.padEnd(6, '0')}`);
}

/** The interval as the column stores it, or the refusal of an interval that would be truncated or is too long. */
function toColumnFields(interval: Interval, { fields, precision }: IntervalColumn): Reading {
  const { months, days, microseconds } = interval;
  const isInRange = isInt4(months) && isInt4(days) && microseconds <= INT8_MAX && microseconds >= -INT8_MAX;
  if (!isInRange) return { refused: 'An interval of this length cannot be stored' };
  // PostgreSQL truncates everything smaller than the last field.
  const lastField = fields?.split(' ').at(-1) ?? 'second';
  const isWholeIn: Readonly<Record<string, boolean>> = {
    year: months % 12n === 0n && days === 0n && microseconds === 0n,
    month: days === 0n && microseconds === 0n,
    day: microseconds === 0n,
    hour: microseconds % (3_600n * SECOND) === 0n,
    minute: microseconds % (60n * SECOND) === 0n,
    second: microseconds % 10n ** BigInt(6 - (precision || 6)) === 0n,
  };
  return isWholeIn[lastField] === false ? { refused: tooFineMessage(lastField, precision) } : formatInterval(interval);
}

function isInt4(value: bigint): boolean {
  return value <= INT4_MAX && value >= -INT4_MAX - 1n;
}

function tooFineMessage(lastField: string, precision: number | undefined): string {
  if (lastField !== 'second') return `Not in whole ${lastField}s`;
  return `At most ${precision ?? 6} decimal${precision === 1 ? '' : 's'} of a second`;
}

/** The text in `intervalstyle` `postgres`, the default. Each part has its own sign, and a plus sign only after a negative part. */
function formatInterval({ months, days, microseconds }: Interval): string {
  const parts: string[] = [];
  let isAfterMinus = false;
  for (const [amount, unit] of [
    [months / 12n, 'year'],
    [months % 12n, 'mon'],
    [days, 'day'],
  ] as const) {
    if (amount === 0n) continue;
    parts.push(`${isAfterMinus && amount > 0n ? '+' : ''}${amount} ${unit}${amount === 1n ? '' : 's'}`);
    isAfterMinus = amount < 0n;
  }
  if (microseconds === 0n && parts.length > 0) return parts.join(' ');
  const isNegative = microseconds < 0n;
  const absolute = isNegative ? -microseconds : microseconds;
  const fraction = String(absolute % SECOND)
    .padStart(6, '0')
    .replace(/0+$/, '');
  const sign = isNegative ? '-' : isAfterMinus ? '+' : '';
  return [...parts, sign + clockText(Number(absolute / SECOND), fraction)].join(' ');
}
