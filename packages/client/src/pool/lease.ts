/** A lease: several queries that are one unit of work. A pool that closes meanwhile waits for all of them, and not only for the first. */
const LEASE = Symbol('lease');

/** Runs `work` on a database that stays usable until `work` ends. */
export type Lease<DB> = <T>(work: (db: DB) => Promise<T>) => Promise<T>;

/** Adds a lease to a database. A database without a lease runs the work directly. */
export function addLease<DB extends object>(db: DB, lease: Lease<DB>): DB {
  return Object.assign(db, { [LEASE]: lease });
}

/** Runs `work` on `db` under one lease. @throws {DatabaseError} `connection` when the database has been closed. */
export function withLease<DB extends object, T>(db: DB, work: (db: DB) => Promise<T>): Promise<T> {
  const { [LEASE]: lease } = db as { readonly [LEASE]?: Lease<DB> };
  return lease === undefined ? work(db) : lease(work);
}
