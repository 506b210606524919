/**
 * Work that asks a database several times and is one thing to whoever called it. A pool that is closed meanwhile waits for all of it:
 * to the pool, its second question would be a newcomer's.
 */
const HOLD = Symbol('hold');

/** Runs `work` on a database that it may ask until its end. */
export type Hold<DB> = <T>(work: (db: DB) => Promise<T>) => Promise<T>;

/** Says how that is done, where it is not done by itself. */
export function holdable<DB extends object>(db: DB, hold: Hold<DB>): DB {
  return Object.assign(db, { [HOLD]: hold });
}

/**
 * Runs `work` on `db`, as one thing.
 * @throws {DatabaseError} `connection` when the database has been closed.
 */
export function asOne<DB extends object, T>(db: DB, work: (db: DB) => Promise<T>): Promise<T> {
  const { [HOLD]: hold } = db as { readonly [HOLD]?: Hold<DB> };
  return hold === undefined ? work(db) : hold(work);
}
