/** A point in time, as a query returns it or as its JSON carries it. */
import { z } from './zod.ts';

/**
 * Reads a `Date`, or the text that `JSON.stringify` and PostgreSQL's `to_json` make of one; gives a `Date`. `timestamptz` holds
 * more years than these, and JavaScript yet others. But PostgreSQL does not read how JavaScript writes those after 9999 and
 * before 1, and those before 100 come back as others: to V8, `0099-12-31 00:00:00+00` is in 1999.
 */
export function timeSchema(column: z.ZodDate) {
  const time = column.min(FIRST, NOT_A_TIME).max(LAST, NOT_A_TIME);
  const text = z.iso.datetime({ offset: true }).transform((value) => new Date(value));
  return z.union([time, text.pipe(time)], NOT_A_TIME);
}

const NOT_A_TIME = 'Not a time between the years 100 and 9999';
const FIRST = new Date('0100-01-01T00:00:00.000Z');
const LAST = new Date('9999-12-31T23:59:59.999Z');
