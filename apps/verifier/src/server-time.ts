/** Columns whose time the server sets, and an old time to test them with. */
import { type Column, is, SQL } from 'drizzle-orm';
import { PgTimestamp, PgTimestampString } from 'drizzle-orm/pg-core';

import { expressionSql } from './sql-text.ts';

/** A past time, because `now()` is constant within a transaction. It has milliseconds, the precision of a JavaScript date. */
export const OLD_TIME = '2001-02-03 04:05:06.789+00';

export function isTimestamp(column: Column): boolean {
  return is(column, PgTimestamp) || is(column, PgTimestampString);
}

/** Whether the server sets the column when the row is inserted. */
export function isServerTime(column: Column): boolean {
  return isTimestamp(column) && is(column.default, SQL) && NOW.test(expressionSql(column.default));
}

const NOW =
  /\b(now|clock_timestamp|transaction_timestamp|statement_timestamp)\s*\(|\b(current_timestamp|localtimestamp)\b/i;
