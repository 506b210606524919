/** The size limit of one request to Neon's SQL over HTTP: https://neon.com/docs/serverless/serverless-driver#sql-over-http */
import type { SQL } from 'drizzle-orm';
import { PgDialect } from 'drizzle-orm/pg-core';

import type { Bounds } from './chunks.ts';
import type { Cell } from './row-reader.ts';

/** Rows of one write do not fit one HTTP request, and several requests would not be one transaction. Nothing was sent. */
export class RequestTooLargeError extends Error {
  override readonly name = 'RequestTooLargeError';
  readonly code = 'REQUEST_TOO_LARGE';

  constructor() {
    super(
      'These rows do not fit one HTTP request (10 MiB), and several requests would not be one transaction. Nothing was sent. ' +
        'Use `connectWebSocket`, which takes any number of rows; or call `createMany` for each part, if a part may fail alone.',
    );
  }
}

const REQUEST_BYTES_MAX = 10_485_760;
/** The size of `NULL,` in an array. */
const NULL_BYTES = 5;
/** The size of one row's number in the array that numbers the sets of columns. */
const ROW_BYTES = 8;

/** The limit for the rows of one request. `requireOneRequest` checks the whole request later: the SQL text adds to the size of the rows. */
export const REQUEST_BOUNDS: Bounds = {
  rowsMax: Number.POSITIVE_INFINITY,
  sizeMax: REQUEST_BYTES_MAX,
  sizeOf: (cells) => cells.reduce((size, cell) => size + textBytes(cell), ROW_BYTES),
};

/** Bytes of a text after quoting for its array and escaping for JSON. Some control characters are counted twice, which does no harm. */
function textBytes(cell: Cell): number {
  return typeof cell === 'string' ? bytesOf(JSON.stringify(JSON.stringify(cell))) : NULL_BYTES;
}

/** Refuses statements whose request is larger than Neon accepts. @throws {RequestTooLargeError} */
export function requireOneRequest(statements: readonly SQL[]): void {
  const dialect = new PgDialect();
  const queries = statements.map((statement) => {
    const { sql: query, params } = dialect.sqlToQuery(statement);
    return { query, params };
  });
  if (bytesOf(JSON.stringify({ queries })) > REQUEST_BYTES_MAX) throw new RequestTooLargeError();
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
