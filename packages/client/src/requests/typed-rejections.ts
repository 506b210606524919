/** Makes queries reject with a `DatabaseError`. Drizzle's own error repeats the parameters in its message. */
import type { PgPreparedQuery, PgSession, PreparedQueryConfig } from 'drizzle-orm/pg-core';

import type { Translate } from '../errors/to-database-error.ts';

/** Makes every query of this database reject with a `DatabaseError`, including prepared queries and queries in transactions. */
export function rejectTyped<DB extends { readonly _: { readonly session: Session } }>(
  db: DB,
  translate: Translate,
): DB {
  const { session } = db._;
  const prepareQuery: PrepareQuery = session.prepareQuery.bind(session);
  const prepareTyped: PrepareQuery = (...prepareArguments) => {
    const prepared = prepareQuery(...prepareArguments);
    const execute = prepared.execute.bind(prepared);
    prepared.execute = async (...values) => {
      try {
        return await execute(...values);
      } catch (error) {
        throw translate(error) ?? removeParameters(error);
      }
    };
    return prepared;
  };
  Object.assign(session, { prepareQuery: prepareTyped });
  return db;
}

type Session = Pick<PgSession, 'prepareQuery'>;
/** The return type is left general: this code does not change the prepared query. */
type PrepareQuery = (...prepareArguments: Parameters<Session['prepareQuery']>) => PgPreparedQuery<PreparedQueryConfig>;

/** Replaces Drizzle's error, whose message repeats the parameters, by its cause: a bug, or a parameter that cannot be sent. */
function removeParameters(error: unknown): unknown {
  return error instanceof Error && 'params' in error ? error.cause : error;
}
