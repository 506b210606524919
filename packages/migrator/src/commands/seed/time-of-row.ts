/** A fixed time for a column whose default would be the current time. */
import { type Column, is, SQL } from 'drizzle-orm';

import { SAMPLE_TIME } from '../../samples/sample-time.ts';

/** `SAMPLE_TIME` in the column's type. Undefined if the default is a constant, or the column contains no time. */
export function timeOfRow({ columnType, default: literal }: Column): Date | string | undefined {
  if (literal !== undefined && !is(literal, SQL)) return undefined;
  switch (columnType) {
    case 'PgTimestamp':
    case 'PgDate':
      return SAMPLE_TIME;
    case 'PgTimestampString':
    case 'PgDateString':
      return SAMPLE_TIME.toISOString();
    case 'PgTime':
      return SAMPLE_TIME.toISOString().slice('2026-01-05T'.length, -1);
    default:
      return undefined;
  }
}
