/** Recognizes PostgreSQL's error codes, which differ from Node's. */

/** Whether a code is a SQLSTATE, such as `28P01`: https://www.postgresql.org/docs/current/errcodes-appendix.html. A digit excludes `EPIPE`. */
export function isSqlState(code: unknown): code is string {
  return typeof code === 'string' && /^(?=.*\d)[0-9A-Z]{5}$/.test(code);
}
