/** Suggests dates, times, intervals and ranges that may satisfy a condition. */
import type { Literals } from './literals.ts';

const DAY_MS = 86_400_000;

/** Distances from today in days. */
const DISTANCES = [0, 1, -1, 7, -7, 30, -30, 365, -365, -365 * 30, 365 * 30, 2, 3, 4, 5, 6];

/** Days that conditions on a part of a date may require: the first and the last of a month or a year. */
const MARKED = ['2024-01-01', '2024-02-29', '2024-12-31', '2000-01-01', '1970-01-01'];

export function dateCandidates({ strings }: Literals, hasTime: boolean): string[] {
  const literals = strings
    .filter((text) => /^\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?.*)?$/.test(text))
    .map((text) => text.slice(0, 10));
  const near = literals.flatMap((text) => [0, 1, -1, 30, -30].map((days) => Date.parse(text) + days * DAY_MS));
  const today = DISTANCES.map((days) => Date.now() + days * DAY_MS);
  const days = [...near, ...today].filter(Number.isFinite).map((time) => new Date(time).toISOString());
  const dates = [...days.map((text) => text.slice(0, 10)), ...MARKED];
  if (!hasTime) return dates;
  const moments = days.map((text) => `${text.slice(0, 19).replace('T', ' ')}+00`);
  return [
    ...moments,
    ...dates.map((date) => `${date} 00:00+00`),
    ...dates.slice(0, 8).map((date) => `${date} 10:00+00`),
  ];
}

export function timeCandidates({ strings }: Literals): string[] {
  const literals = strings.filter((text) => /^\d\d:\d\d(?::\d\d)?$/.test(text));
  return ['09:00', '10:00', '12:00', '17:00', '00:00', '23:59:59', '09:30', '18:30', ...literals];
}

export function intervalCandidates({ strings }: Literals): string[] {
  const literals = strings.filter((text) => /^(?:\d+ \w+ ?)*(?:\d\d:\d\d:\d\d)?$/.test(text) && text !== '');
  return [
    ...literals,
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
}

/** Ranges of different widths, bounded and unbounded. None if the type is no range. */
export function rangeCandidates(name: string, n: number): string[] {
  const [, subtype = '', multi] = /^(int4|int8|num|date|ts|tstz)(multi)?range$/.exec(name) ?? [];
  if (subtype === '') return [];
  const start = n % 10_000;
  const widths = [1, 10, 100].map((width) => boundsText(subtype, start, start + width));
  const texts = [...widths.map(([low, high]) => `[${low},${high})`), `[${widths[0]?.[0]},)`, `(,${widths[0]?.[0]})`];
  return multi === undefined ? [...texts, 'empty'] : [...texts.map((text) => `{${text}}`), '{}'];
}

/** The bounds as text: numbers; for dates, days from 2000 on; for times, hours from 2000 on. */
function boundsText(subtype: string, low: number, high: number): [string, string] {
  const text = (value: number): string => {
    if (subtype === 'int4' || subtype === 'int8' || subtype === 'num') return String(value);
    const moment = new Date(Date.UTC(2000, 0, 1) + value * (subtype === 'date' ? DAY_MS : DAY_MS / 24)).toISOString();
    return subtype === 'date' ? moment.slice(0, 10) : `"${moment.slice(0, 19).replace('T', ' ')}"`;
  };
  return [text(low), text(high)];
}
