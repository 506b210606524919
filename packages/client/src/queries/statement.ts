/** A statement that is built once and prepared once, for each database that runs it. */
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

import { DatabaseError } from '../errors/database-error.ts';
import { withLease } from '../pool/lease.ts';
import { isTransaction, type Queryable } from './queryable.ts';

/** Makes a statement with what it gets, under the name that it gets. */
export type Build<Row> = (db: Builder, name: string) => Prepared<Row>;

/** Runs a statement with values for its placeholders. */
export type Run<Row> = (db: Queryable, values: Record<string, unknown>) => Promise<Row[]>;

type Builder = PgDatabase<PgQueryResultHKT>;

interface Prepared<Row> {
  execute(values: Record<string, unknown>): Promise<Row[]>;
}

/** The driver refuses two statements of one name. */
let named = 0;

/**
 * Drizzle spends more on building a statement than on sending it, so that is done once. Over WebSocket, with a name, PostgreSQL
 * parses and plans it once for each connection as well. That holds behind Neon's pooler, too: since version 1.22 PgBouncer knows
 * the names of statements, and prepares them on whichever server it takes. Without one (`undefined`), PostgreSQL plans each time, for the
 * values at hand.
 * @param name What `pg_prepared_statements` shows, followed by numbers that make it unique.
 */
export function statement<Row>(name: string | undefined, build: Build<Row>): Run<Row> {
  const unique = name === undefined ? '' : `${shortened(name)}_${(named += 1)}`;
  let prepared = new WeakMap<object, Prepared<Row>>();
  let renamed = 0;

  function prepare(db: Queryable): Prepared<Row> {
    const { session } = db._;
    const known = prepared.get(session);
    if (known !== undefined) return known;
    // Builders use of a database what all of them have alike. To the driver, an empty name is none.
    const fresh = build(db as unknown as Builder, name === undefined ? '' : `${unique}_${renamed}`);
    prepared.set(session, fresh);
    return fresh;
  }

  const execute = async (db: Queryable, values: Record<string, unknown>): Promise<Row[]> => {
    const current = prepare(db);
    try {
      return await current.execute(values);
    } catch (error) {
      if (name === undefined || !isOutdated(error)) throw error;
      // Unless another call was first.
      if (prepared.get(db._.session) === current) {
        prepared = new WeakMap();
        renamed += 1;
      }
      // A transaction is lost after any error; the next one finds the new name.
      if (isTransaction(db)) throw error;
      return prepare(db).execute(values);
    }
  };
  return (db: Queryable, values: Record<string, unknown>): Promise<Row[]> =>
    withLease(db, (own) => execute(own, values));
}

/** PostgreSQL takes 63 bytes of a name; the numbers need some of them. */
function shortened(name: string): string {
  // In the protocol, a NUL is the end of the name.
  return new TextDecoder().decode(new TextEncoder().encode(name.replaceAll('\0', '')).slice(0, 40));
}

/**
 * "cached plan must not change result type": a migration changed a column while the connection was open, be it that it made a
 * `varchar` longer. PostgreSQL then refuses the old name for as long as the connection lives, and has run nothing.
 */
function isOutdated(error: unknown): boolean {
  return error instanceof DatabaseError && error.code === '0A000';
}
