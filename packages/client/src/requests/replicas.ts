/** Sends reads to replicas, and writes to the primary. */
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/** Without replicas, `primary` is the database itself. */
export type WithPrimary<DB> = DB & { readonly primary: WithPrimary<DB> };

type Queries = Pick<PgDatabase<PgQueryResultHKT>, 'with'>;

/**
 * Combines the primary and its replicas into one database: `select`, `selectDistinct`, `$count` and `query` go to a random replica,
 * everything else to the primary. Without replicas, all queries go to the primary. Unlike Drizzle's `withReplicas`, the writes of `with(…)`
 * go to the primary too.
 */
export function spreadReads<DB extends Queries>(db: DB, replicas: readonly DB[]): WithPrimary<DB> {
  const primary = db as WithPrimary<DB>;
  Object.assign(primary, { primary });
  if (replicas.length === 0) return primary;
  const chooseReplica = () => replicas[Math.floor(Math.random() * replicas.length)] ?? primary;
  const withWritesToPrimary: Queries['with'] = (...queries) => {
    const { insert, update, delete: remove } = primary.with(...queries);
    return { ...chooseReplica().with(...queries), insert, update, delete: remove };
  };
  // Getters, so that each query chooses a replica.
  const readGetters = READS.map((name) => [name, { get: () => bindRead(chooseReplica(), name) }]);
  // Inherit all other properties from the primary.
  return Object.create(primary, {
    ...Object.fromEntries(readGetters),
    with: { value: withWritesToPrimary },
    $replicas: { value: replicas },
  });
}

const READS = ['select', 'selectDistinct', 'selectDistinctOn', '$count', 'query'];

function bindRead(replica: object, name: string): unknown {
  const read: unknown = Reflect.get(replica, name);
  return typeof read === 'function' ? read.bind(replica) : read;
}
