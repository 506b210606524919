/** A time for a column whose default would be the time of the run. */
import { type Column, is, SQL } from 'drizzle-orm';

import { SAMPLE_TIME } from '../../samples/sample-time.ts';

/** `SAMPLE_TIME` as the column's type takes it; undefined where the default is the same each time, or is no time. */
export function timeOfRow({ columnType, default: literal }: Column): Date | string | undefined {
  // A literal point in time is the same each time.
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
