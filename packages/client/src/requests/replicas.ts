/** Reads go to replicas, writes to the primary. */
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/** Of itself it is its own primary. */
export type WithPrimary<DB> = DB & { readonly primary: WithPrimary<DB> };

type Queries = Pick<PgDatabase<PgQueryResultHKT>, 'with'>;

/**
 * One database for all: `select`, `selectDistinct`, `$count` and `query` go to any of the replicas, all else to the primary. Where
 * there are none, it is the primary. Drizzle's own `withReplicas` sends the writes of `with(…)` to a replica as well.
 */
export function spreadReads<DB extends Queries>(single: DB, replicas: readonly DB[]): WithPrimary<DB> {
  const primary = single as WithPrimary<DB>;
  Object.assign(primary, { primary });
  if (replicas.length === 0) return primary;
  const anyReplica = () => replicas[Math.floor(Math.random() * replicas.length)] ?? primary;
  const withWritesToPrimary: Queries['with'] = (...queries) => {
    const { insert, update, delete: remove } = primary.with(...queries);
    return { ...anyReplica().with(...queries), insert, update, delete: remove };
  };
  const reads = READS.map((name) => [name, { get: () => readOf(anyReplica(), name) }]);
  // All that it does not have of its own, it has of the primary.
  return Object.create(primary, {
    ...Object.fromEntries(reads),
    with: { value: withWritesToPrimary },
    $replicas: { value: replicas },
  });
}

const READS = ['select', 'selectDistinct', 'selectDistinctOn', '$count', 'query'];

function readOf(replica: object, name: string): unknown {
  const read: unknown = Reflect.get(replica, name);
  return typeof read === 'function' ? read.bind(replica) : read;
}
