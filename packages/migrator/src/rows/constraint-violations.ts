/**
 * The SQLSTATEs of refused rows, by condition name.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
export const NOT_NULL_VIOLATION = '23502';
export const FOREIGN_KEY_VIOLATION = '23503';
export const UNIQUE_VIOLATION = '23505';
export const CHECK_VIOLATION = '23514';
export const EXCLUSION_VIOLATION = '23P01';
