/** Runs SQL that the verifier generates. Invalid SQL is a bug in the verifier, and no finding about the database. */
import { databaseError } from './error-chain.ts';

/** A statement that the verifier generated is invalid SQL. */
export class VerifierSqlError extends Error {
  override readonly name = 'VerifierSqlError';
}

/** Waits for a query that the verifier generated. Throws a `VerifierSqlError` when PostgreSQL reports invalid SQL. */
export async function runVerifierSql<T>(query: Promise<T>): Promise<T> {
  try {
    return await query;
  } catch (error) {
    const { code = '', message = '' } = databaseError(error) ?? {};
    // Without `cause`, because `diagnose` would take the cause for an error of the database.
    if (isInvalidSql(code)) throw new VerifierSqlError(`${message} (SQLSTATE ${code})`);
    throw error;
  }
}

/** Whether a SQLSTATE reports invalid SQL: syntax, or unknown names or types. */
export function isInvalidSql(code: string): boolean {
  return INVALID_SQL_CODES.has(code);
}

/** In this order: syntax_error, undefined_column, undefined_table, undefined_function, ambiguous_column, datatype_mismatch. */
const INVALID_SQL_CODES = new Set(['42601', '42703', '42P01', '42883', '42702', '42804']);
