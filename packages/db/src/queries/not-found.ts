/** What a change of an absent row is rejected with. */
import { DatabaseError } from '../errors/database-error.ts';

/** The one row that a change returned. */
export function changedRow<Row>([row]: readonly Row[], table: 'user' | 'todo'): Row {
  if (row !== undefined) return row;
  const message = table === 'user' ? 'There is no such user.' : 'There is no such todo, or it belongs to another user.';
  throw new DatabaseError('not-found', message, { table });
}
