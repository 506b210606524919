/** Schemas for `date`, as a text or as a `Date`. */
import { dateOf, dayOf, FIRST_DAY, LAST_DATE } from './calendar.ts';
import { canonicalText } from './canonical-text.ts';
import { typeMessage } from './type-message.ts';
import * as z from './zod.ts';

/** The schema in mode `string`: `2026-01-31`, and every other form in which PostgreSQL writes a date. */
export function dateText(): z.ZodString {
  return canonicalText(NOT_A_DATE, (text) => {
    if (/^-?infinity$/.test(text)) return text;
    const [date = '', era] = text.split(/(?= BC$)/);
    const day = dayOf(date, era !== undefined);
    if (day === undefined || day < FIRST_DAY || day > LAST_DATE) return { refused: NOT_A_DATE };
    const canonical = dateOf(day);
    return canonical.date + canonical.era;
  });
}

/**
 * The schema in mode `date`: midnight in UTC, which is Drizzle's value for a day; or its text, as `2026-01-31` or as `JSON.stringify`
 * writes it. Years before 1 and after 9999 are refused, because PostgreSQL cannot read them as JavaScript writes them.
 */
export function dateSchema(): z.ZodType<Date, Date | string> {
  const date = z
    .date()
    .min(FIRST, NOT_A_DAY)
    .max(LAST, NOT_A_DAY)
    .refine((value) => value.getTime() % MILLISECONDS_OF_DAY === 0, 'A date has no time of day');
  const text = z.union([z.iso.date(), z.iso.datetime({ offset: true })]).transform((value) => new Date(value));
  return z.union([date, text.pipe(date)], typeMessage(NOT_A_DAY));
}

const NOT_A_DATE = 'Not a date such as 2026-01-31';
const NOT_A_DAY = 'Not a date between the years 1 and 9999';
const FIRST = new Date('0001-01-01T00:00:00.000Z');
const LAST = new Date('9999-12-31T00:00:00.000Z');
const MILLISECONDS_OF_DAY = 86_400_000;
