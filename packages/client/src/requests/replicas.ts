/** Reads go to replicas, writes to the primary. */
import { type PgDatabase, type PgQueryResultHKT, withReplicas } from 'drizzle-orm/pg-core';

/** Of itself it is its own primary. */
export type WithPrimary<DB> = DB & { readonly primary: WithPrimary<DB> };

type Queries = Pick<PgDatabase<PgQueryResultHKT>, 'with'>;

/**
 * One database for all: `select`, `selectDistinct`, `$count` and `query` go to any of the replicas, all else to the primary. Where
 * there are none, it is the primary. Own methods of the primary stay what they are.
 */
export function spreadReads<DB extends Queries>(single: DB, replicas: readonly DB[]): WithPrimary<DB> {
  const primary = single as WithPrimary<DB>;
  Object.assign(primary, { primary });
  const [first, ...others] = replicas;
  if (first === undefined) return primary;
  const db = withAnyReplicas<DB>(primary, [first, ...others]);
  const toReplica = db.with.bind(db);
  // Drizzle's own sends the writes of `with(…)` to a replica as well.
  const withWritesToPrimary: Queries['with'] = (...queries) => {
    const { insert, update, delete: remove } = primary.with(...queries);
    return { ...toReplica(...queries), insert, update, delete: remove };
  };
  return Object.assign(db, { primary, with: withWritesToPrimary });
}

/** Its type asks for the schema's, and does nothing with it. */
const withAnyReplicas = withReplicas as unknown as <DB>(primary: DB, replicas: [DB, ...DB[]]) => DB;
