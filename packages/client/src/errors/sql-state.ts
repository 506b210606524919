/** Recognizes PostgreSQL's error codes, which differ from Node's. */

/**
 * Whether a code is a SQLSTATE: five characters with at least one digit, for example `28P01`. The digit excludes `EPIPE`.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export function isSqlState(code: unknown): code is string {
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code);
}
