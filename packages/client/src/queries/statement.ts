/** Builds and prepares a statement once for each database that runs it. */
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

import { DatabaseError } from '../errors/database-error.ts';
import { withLease } from '../pool/lease.ts';
import { isTransaction, type Queryable } from './queryable.ts';

/** Builds a statement on `db`, with `name` as the name of the prepared statement. */
export type Build<Row> = (db: Builder, name: string) => Prepared<Row>;

/** Runs a statement with values for its placeholders. */
export type Run<Row> = (db: Queryable, values: Record<string, unknown>) => Promise<Row[]>;

type Builder = PgDatabase<PgQueryResultHKT>;

interface Prepared<Row> {
  execute(values: Record<string, unknown>): Promise<Row[]>;
}

/** The longest name before its number. */
const NAME_BYTES_MAX = 40;

/** A counter for unique names: the driver refuses two statements with one name. */
let nameCount = 0;

/**
 * Returns a function that runs a statement. The statement is built once, because Drizzle takes longer to build a statement than to send it.
 * Over WebSocket, a named statement is also parsed and planned once for each connection. This works behind Neon's pooler too: since version
 * 1.22, PgBouncer tracks prepared statements and prepares them on the server connection that it uses. Without a name (`undefined`),
 * PostgreSQL plans each call for its values.
 * @param name The start of the name in `pg_prepared_statements`. A number makes the name unique.
 */
export function statement<Row>(name: string | undefined, build: Build<Row>): Run<Row> {
  const uniqueName = name === undefined ? '' : `${shortenName(name)}_${(nameCount += 1)}`;
  let prepared = new WeakMap<object, Prepared<Row>>();
  let renameCount = 0;

  function prepare(db: Queryable): Prepared<Row> {
    const { session } = db._;
    const existing = prepared.get(session);
    if (existing !== undefined) return existing;
    // Builders use only the parts that all databases share. The driver treats an empty name as no name.
    const created = build(db as unknown as Builder, name === undefined ? '' : `${uniqueName}_${renameCount}`);
    prepared.set(session, created);
    return created;
  }

  const execute = async (db: Queryable, values: Record<string, unknown>): Promise<Row[]> => {
    const current = prepare(db);
    try {
      return await current.execute(values);
    } catch (error) {
      if (name === undefined || !isPlanOutdated(error)) throw error;
      // Build again under a new name, unless another call has already begun that.
      if (prepared.get(db._.session) === current) {
        prepared = new WeakMap();
        renameCount += 1;
      }
      // A transaction is lost after any error. The next transaction uses the new name.
      if (isTransaction(db)) throw error;
      return prepare(db).execute(values);
    }
  };
  return (db: Queryable, values: Record<string, unknown>): Promise<Row[]> =>
    withLease(db, (leased) => execute(leased, values));
}

/** Shortens a statement name to fit PostgreSQL's 63 bytes, with room for the number. */
function shortenName(name: string): string {
  // In the protocol, the character U+0000 ends the name.
  return new TextDecoder().decode(new TextEncoder().encode(name.replaceAll('\0', '')).slice(0, NAME_BYTES_MAX));
}

/**
 * Whether the error is "cached plan must not change result type" (feature_not_supported): a migration changed a column while the connection
 * was open. PostgreSQL then refuses the old name on this connection for ever. Nothing was run.
 */
function isPlanOutdated(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '0A000';
}
