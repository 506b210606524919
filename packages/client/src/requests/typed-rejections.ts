/** What a query is rejected with. Drizzle's own error repeats the parameters in its message. */
import type { PgPreparedQuery, PgSession, PreparedQueryConfig } from 'drizzle-orm/pg-core';

import type { Translate } from '../errors/to-database-error.ts';

/** Has every query of this database, prepared ones and those of its transactions as well, reject with a `DatabaseError`. */
export function rejectTyped<DB extends { readonly _: { readonly session: Session } }>(
  db: DB,
  translate: Translate,
): DB {
  const { session } = db._;
  const prepareQuery: PrepareQuery = session.prepareQuery.bind(session);
  const prepareTyped: PrepareQuery = (...how) => {
    const prepared = prepareQuery(...how);
    const execute = prepared.execute.bind(prepared);
    prepared.execute = async (...values) => {
      try {
        return await execute(...values);
      } catch (error) {
        throw translate(error) ?? withoutParameters(error);
      }
    };
    return prepared;
  };
  Object.assign(session, { prepareQuery: prepareTyped });
  return db;
}

type Session = Pick<PgSession, 'prepareQuery'>;
/** Without the type of what it prepares, which stays as it is. */
type PrepareQuery = (...how: Parameters<Session['prepareQuery']>) => PgPreparedQuery<PreparedQueryConfig>;

/** A bug, a parameter that cannot be sent say: what Drizzle wrapped says as much. */
function withoutParameters(error: unknown): unknown {
  return error instanceof Error && 'params' in error ? error.cause : error;
}
