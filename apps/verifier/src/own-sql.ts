/** Marks invalid SQL of a derived check as a bug in the verifier, not a finding about the database. */
import { databaseError } from './error-chain.ts';

/** A statement of the verifier is invalid. */
export class OwnSqlError extends Error {
  override readonly name = 'OwnSqlError';
}

/** Waits for a query of the verifier. Throws an `OwnSqlError` when PostgreSQL reports invalid SQL. */
export async function runOwnSql<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { code = '', message = '' } = databaseError(error) ?? {};
    // Without `cause`, because `diagnose` would read it as an error of the database.
    if (isInvalidSql(code)) throw new OwnSqlError(`${message} (SQLSTATE ${code})`);
    throw error;
  }
}

/** Whether a SQLSTATE reports invalid SQL: syntax, or unknown names or types. */
export function isInvalidSql(code: string): boolean {
  return INVALID_SQL_CODES.has(code);
}

/** syntax_error; undefined_column, _table, _function; ambiguous_column; datatype_mismatch. */
const INVALID_SQL_CODES = new Set(['42601', '42703', '42P01', '42883', '42702', '42804']);
