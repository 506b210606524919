/** Suggests dates, times, intervals and ranges that may satisfy a condition. */
import type { Literals } from './literals.ts';

const DAY_MS = 86_400_000;

/** Distances from today in days: near ones, and about 30 years. */
const DAYS_FROM_TODAY = [0, 1, -1, 7, -7, 30, -30, 365, -365, -365 * 30, 365 * 30, 2, 3, 4, 5, 6];

/** Enough for the dates near one literal, and a few near today. */
const DATES_AT_TEN = 8;

/** Dates for conditions on a part of a date: the first and the last day of a month or a year, a leap day, and the epoch. */
const SPECIAL_DATES = ['2024-01-01', '2024-02-29', '2024-12-31', '2000-01-01', '1970-01-01'];

/**
 * Returns dates near those of the literals, dates near today, and special dates. For a type with a time: dates near today at the present time
 * of the day, each date at midnight, and the first dates at 10:00, for conditions on the hour.
 */
export function dateCandidates({ strings }: Literals, hasTime: boolean): string[] {
  const literals = strings
    .filter((text) => /^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?.*)?$/.test(text))
    .map((text) => text.slice(0, 10));
  const near = literals.flatMap((text) => [0, 1, -1, 30, -30].map((days) => Date.parse(text) + days * DAY_MS));
  const today = DAYS_FROM_TODAY.map((days) => Date.now() + days * DAY_MS);
  // `Date.parse` returns NaN for a date that does not exist.
  const times = [...near, ...today].filter(Number.isFinite).map((time) => new Date(time).toISOString());
  const dates = [...times.map((text) => text.slice(0, 10)), ...SPECIAL_DATES];
  if (!hasTime) return dates;
  const timestamps = times.map((text) => `${text.slice(0, 19).replace('T', ' ')}+00`);
  const midnights = dates.map((date) => `${date} 00:00+00`);
  return [...timestamps, ...midnights, ...dates.slice(0, DATES_AT_TEN).map((date) => `${date} 10:00+00`)];
}

export function timeCandidates({ strings }: Literals): string[] {
  const literals = strings.filter((text) => /^\d\d:\d\d(?::\d\d)?$/.test(text));
  return ['09:00', '10:00', '12:00', '17:00', '00:00', '23:59:59', '09:30', '18:30', ...literals];
}

const INTERVALS = [
  '1 hour',
  '0',
  '1 minute',
  '15 minutes',
  '1 day',
  '7 days',
  '30 days',
  '1 year',
  '-1 hour',
  '1 second',
];

export function intervalCandidates({ strings }: Literals): string[] {
  const literals = strings.filter((text) => /^(?:\d+ \w+ ?)*(?:\d\d:\d\d:\d\d)?$/.test(text) && text !== '');
  return [...literals, ...INTERVALS];
}

/** Ranges of different widths, bounded and unbounded. None if the type with this name is no range. */
export function rangeCandidates(name: string, seed: number): string[] {
  const [, subtype = '', multirange] = /^(int4|int8|num|date|ts|tstz)(multi)?range$/.exec(name) ?? [];
  if (subtype === '') return [];
  const start = seed % 10_000;
  const low = boundText(subtype, start);
  const bounded = [1, 10, 100].map((width) => `[${low},${boundText(subtype, start + width)})`);
  const texts = [...bounded, `[${low},)`, `(,${low})`];
  return multirange === undefined ? [...texts, 'empty'] : [...texts.map((text) => `{${text}}`), '{}'];
}

/** A bound as text: the number; for dates, that many days after 2000-01-01; for times, that many hours. */
function boundText(subtype: string, value: number): string {
  if (subtype === 'int4' || subtype === 'int8' || subtype === 'num') return String(value);
  const isDate = subtype === 'date';
  const time = new Date(Date.UTC(2000, 0, 1) + value * (isDate ? DAY_MS : DAY_MS / 24)).toISOString();
  return isDate ? time.slice(0, 10) : `"${time.slice(0, 19).replace('T', ' ')}"`;
}
