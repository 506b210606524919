/** Schemas for `time` and `timestamp`, each with and without a time zone. */
import { dateOf, dayOf, FIRST_DAY, LAST_TIMESTAMP_DAY } from './calendar.ts';
import { canonicalText, type Reading } from './canonical-text.ts';
import { clockText, offsetText, SECONDS_OF_DAY, type TimeOfDay, readTimeOfDay, refuseTooFine } from './clock.ts';
import { typeMessage } from './type-message.ts';
import * as z from './zod.ts';

/** The settings of a Drizzle column. */
export interface TimeColumn {
  readonly withTimezone: boolean;
  readonly precision: number | undefined;
}

/** The schema for `time`: `13:45` or `13:45:00.5`; with a time zone, `13:45+02`. */
export function timeText({ withTimezone, precision }: TimeColumn): z.ZodString {
  const notATime = `Not a time such as ${withTimezone ? '13:45:00+02' : '13:45:00'}`;
  return canonicalText(notATime, (text) => {
    const time = readTimeOfDay(text);
    if (time === undefined || (time.offset !== undefined) !== withTimezone) return { refused: notATime };
    const { seconds, fraction, offset } = time;
    const canonical = clockText(seconds, fraction) + (offset === undefined ? '' : offsetText(offset));
    return refuseTooFine(fraction, precision) ?? canonical;
  });
}

/**
 * The schema for `timestamp` in mode `string`: ISO 8601, as in JSON, or PostgreSQL's form. The output is PostgreSQL's form in a session
 * with UTC, which is the default. Without a time zone PostgreSQL drops an offset, so only UTC is accepted. 24:00:00 is refused:
 * PostgreSQL would return the next day.
 */
export function timestampText(column: TimeColumn): z.ZodString {
  return canonicalText(NOT_AN_ISO_TIME, (text) => {
    if (/^-?infinity$/.test(text)) return text;
    const [, date = '', clock = '', era] = /^([\d-]+)[T ](\S+?)( BC)?$/.exec(text) ?? [];
    const day = dayOf(date, era !== undefined);
    const time = readTimeOfDay(clock);
    if (day === undefined || time === undefined || time.seconds === SECONDS_OF_DAY) return { refused: NOT_AN_ISO_TIME };
    return timestampOf(day, time, column);
  });
}

/** The timestamp as the column returns it, or the refusal of a timestamp that the column would change. */
function timestampOf(day: number, { seconds, fraction, offset }: TimeOfDay, column: TimeColumn): Reading {
  if (column.withTimezone && offset === undefined)
    return { refused: 'The offset from UTC is missing, such as Z or +02:00' };
  if (!column.withTimezone && offset !== undefined && offset !== 0) return { refused: 'Not a time in UTC' };
  const inUtc = seconds - (offset ?? 0);
  const dayInUtc = day + Math.floor(inUtc / SECONDS_OF_DAY);
  if (dayInUtc < FIRST_DAY || dayInUtc > LAST_TIMESTAMP_DAY) return { refused: OUT_OF_RANGE };
  const { date, era } = dateOf(dayInUtc);
  const time = clockText(inUtc - Math.floor(inUtc / SECONDS_OF_DAY) * SECONDS_OF_DAY, fraction);
  return refuseTooFine(fraction, column.precision) ?? `${date} ${time}${column.withTimezone ? '+00' : ''}${era}`;
}

/**
 * The schema for `timestamp` in mode `date`: a `Date`, or its text as written by `JSON.stringify` or PostgreSQL's `to_json`. The output is
 * a `Date`. `timestamp` and JavaScript both support more years than this schema. But PostgreSQL cannot read the way JavaScript writes years
 * after 9999 and before 1, and years before 100 are returned changed: V8 reads `0099-12-31 00:00:00+00` as 1999.
 */
export function timeSchema({ withTimezone, precision = MILLISECONDS }: TimeColumn): z.ZodType<Date, Date | string> {
  const inRange = z.date().min(FIRST, YEAR_OUT_OF_RANGE).max(LAST, YEAR_OUT_OF_RANGE);
  // The column keeps every `step` milliseconds. If it keeps fewer than three decimals, `refuseTooFine('000', …)` is the refusal.
  const step = 10 ** Math.max(0, MILLISECONDS - precision);
  const isKept = (value: Date) => value.getTime() % step === 0;
  const time = step === 1 ? inRange : inRange.refine(isKept, refuseTooFine('000', precision)?.refused);
  const text = z.iso
    .datetime({ offset: true, local: !withTimezone })
    .transform((value) => new Date(/Z|[+-]\d\d:\d\d$/.test(value) ? value : `${value}Z`));
  return z.union([time, text.pipe(time)], typeMessage(YEAR_OUT_OF_RANGE));
}

const NOT_AN_ISO_TIME = 'Not a time such as 2026-01-31T13:45:00Z';
const OUT_OF_RANGE = 'This date is outside PostgreSQL’s range';
const YEAR_OUT_OF_RANGE = 'Not a time between the years 100 and 9999';
const FIRST = new Date('0100-01-01T00:00:00.000Z');
const LAST = new Date('9999-12-31T23:59:59.999Z');
/** The decimals of a second that a `Date` has. */
const MILLISECONDS = 3;
