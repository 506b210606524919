/** SQL that a derived check writes itself: where PostgreSQL does not understand it, the check is wrong, and no database. */
import { databaseError } from './error-chain.ts';

/** A statement of the verifier's own has a fault. */
export class OwnSqlError extends Error {
  override readonly name = 'OwnSqlError';
}

/** @throws {OwnSqlError} when PostgreSQL finds a fault in the statement itself. */
export async function ownSql<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const { code = '', message = '' } = databaseError(error) ?? {};
    // Without a cause: a diagnosis would blame the database.
    if (isFault(code)) throw new OwnSqlError(`${message} (SQLSTATE ${code})`);
    throw error;
  }
}

/** Whether it is about the words of a statement: syntax, and names or types that do not exist. */
export function isFault(code: string): boolean {
  return FAULTS.has(code);
}

/** Syntax; undefined column, table, function; ambiguous column; wrong types. */
const FAULTS = new Set(['42601', '42703', '42P01', '42883', '42702', '42804']);
