/** The HTTP status of an API's response when its handler throws an error. */
import { DatabaseError, type GeneralErrorKind } from './database-error.ts';

/**
 * The status for each kind of a `DatabaseError`.
 *
 * 503 means that the client may send the same request again: nothing was applied. An unknown outcome is a 500, because clients and proxies
 * do not retry a 500 by themselves. An error of kind `refused` is a 500 too, because a validator should have refused first. The exception
 * is a value that a column or a constraint does not accept: that is the caller's mistake (422).
 */
export const HTTP_STATUS_OF_KIND = {
  'unique-violation': 409,
  'reference-missing': 409,
  'not-found': 404,
  'serialization-failure': 503,
  connection: 503,
  timeout: 503,
  'unknown-outcome': 500,
  refused: 500,
} as const satisfies Record<GeneralErrorKind, number>;

/** The status for each `code` of this package's other errors. */
export const HTTP_STATUS_OF_CODE = {
  CURSOR_INVALID: 400,
  PAGE_OPTION_INVALID: 400,
  COLUMN_REFUSED: 422,
  REQUEST_TOO_LARGE: 413,
} as const;

/**
 * The HTTP status for any thrown value. An application's own kinds (violated constraints) are 409 unless `statuses` gives another status.
 * Unknown errors are 500.
 * @example
 * const status = httpStatusOf(error, { 'owner-missing': 401 });
 */
export function httpStatusOf(error: unknown, statuses: Readonly<Record<string, number | undefined>> = {}): number {
  if (!(error instanceof DatabaseError)) return statusIn(HTTP_STATUS_OF_CODE, Object(error).code) ?? 500;
  const { kind, code = '' } = error;
  // Classes 22 (data_exception) and 23 (integrity_constraint_violation).
  if (kind === 'refused' && /^2[23]/.test(code)) return 422;
  return statusIn(statuses, kind) ?? statusIn(HTTP_STATUS_OF_KIND, kind) ?? 409;
}

function statusIn(table: Readonly<Record<string, number | undefined>>, key: unknown): number | undefined {
  return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
}
