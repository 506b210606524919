/** Distinguishes PostgreSQL's error codes from Node's. */

/**
 * Five characters with at least one digit, for example `28P01`. The digit excludes `EPIPE`.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isSqlState(code: unknown): code is string {
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code);
}
