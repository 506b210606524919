/** The HTTP status that an API answers with, for whatever its handler threw. */
import { DatabaseError, type GeneralErrorKind } from './database-error.ts';

/**
 * By the kind of a `DatabaseError`.
 *
 * 503 says that the same request may be sent again: nothing was applied. An outcome that is unknown is a 500, which clients and proxies do
 * not repeat by themselves. What PostgreSQL refused is a 500 as well, for a validator should have: save a value that a column or a
 * constraint does not take, which is the caller's (422).
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

/** By the `code` of the other errors of this package. */
export const HTTP_STATUS_OF_CODE = {
  CURSOR_INVALID: 400,
  PAGE_OPTION_INVALID: 400,
  COLUMN_REFUSED: 422,
  REQUEST_TOO_LARGE: 413,
} as const;

/**
 * 500 for what is none of these. An application's own kinds, which violated constraints have, are 409 unless `own` says otherwise.
 * @example
 * const status = httpStatusOf(error, { 'owner-missing': 401 });
 */
export function httpStatusOf(error: unknown, own: Readonly<Record<string, number | undefined>> = {}): number {
  if (!(error instanceof DatabaseError)) return statusIn(HTTP_STATUS_OF_CODE, Object(error).code) ?? 500;
  const { kind, code = '' } = error;
  if (kind === 'refused' && /^2[23]/.test(code)) return 422;
  return statusIn(own, kind) ?? statusIn(HTTP_STATUS_OF_KIND, kind) ?? 409;
}

function statusIn(table: Readonly<Record<string, number | undefined>>, key: unknown): number | undefined {
  return typeof key === 'string' && Object.hasOwn(table, key) ? table[key] : undefined;
}
