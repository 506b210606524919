/** A point in time, as a query returns it or as its JSON carries it. */
import { z } from './zod.ts';

/** Reads a `Date`, or the text that `JSON.stringify` and PostgreSQL's `to_json` make of one; gives a `Date`. */
export function timeSchema(column: z.ZodDate) {
  const text = z.iso.datetime({ offset: true }).transform((value) => new Date(value));
  return z.union([column, text.pipe(column)]);
}
