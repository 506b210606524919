/** The columns of the code whose time the server writes, and a time to try them with. */
import { type Column, is, SQL } from 'drizzle-orm';
import { PgTimestamp, PgTimestampString } from 'drizzle-orm/pg-core';

import { expressionText } from './sql-text.ts';

/** In the past, because `now()` stands still inside a transaction; in milliseconds, because a JavaScript date has no more. */
export const OLD_TIME = '2001-02-03 04:05:06.789+00';

export function isTimestamp(column: Column): boolean {
  return is(column, PgTimestamp) || is(column, PgTimestampString);
}

/** A time that the server writes when the row is made. */
export function isServerTime(column: Column): boolean {
  return isTimestamp(column) && is(column.default, SQL) && NOW.test(expressionText(column.default));
}

const NOW =
  /\b(now|clock_timestamp|transaction_timestamp|statement_timestamp)\s*\(|\b(current_timestamp|localtimestamp)\b/i;
