/** The error for a change of a row that does not exist. */
import { DatabaseError } from '../errors/database-error.ts';

/** The one row that an update or a delete returned. Throws `not-found` when no row was returned. */
export function changedRow<Row>([row]: readonly Row[], table: string): Row {
  if (row !== undefined) return row;
  throw notFoundError(table);
}

export function notFoundError(table: string): DatabaseError {
  return new DatabaseError('not-found', `There is no such ${table}, or it belongs to another owner.`, { table });
}
