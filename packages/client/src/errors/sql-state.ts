/** Tells PostgreSQL's error codes from those of Node. */

/** Five characters with a digit among them, `28P01` say, which tells them from `EPIPE`: https://www.postgresql.org/docs/current/errcodes-appendix.html */
export function isSqlState(code: unknown): code is string {
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code);
}
