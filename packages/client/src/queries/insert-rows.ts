/** Inserts thousands of rows in one statement or in one transaction. */
import type { SQL } from 'drizzle-orm';

import type { HttpDatabase } from '../http.ts';
import { withLease } from '../pool/lease.ts';
import { type Bounds, type Chunk, chunksOf, type ManyRows } from './chunks.ts';
import { insertChunk, type Target } from './insert-chunk.ts';
import { isHttp, type Queryable } from './queryable.ts';
import { REQUEST_BOUNDS, RequestTooLargeError, requireOneRequest } from './request-too-large.ts';
import { type Cell, newRowReader } from './row-reader.ts';
import type { OwnerColumn, RowSet } from './row-set.ts';

/** Size of a chunk. Memory holds two chunks: the next chunk is collected while one is sent. */
const STATEMENT_BOUNDS: Bounds = {
  rowsMax: 5_000,
  sizeMax: 1_048_576,
  sizeOf: textLength,
};

function textLength(cells: readonly Cell[]): number {
  let length = 0;
  for (const cell of cells) if (typeof cell === 'string') length += cell.length;
  return length;
}

/** Inserts all rows or none, in order, as rows of the owner in `column`. Returns the number of rows. */
export function insertRows({ table, writable }: RowSet, { column }: OwnerColumn) {
  const reader = newRowReader(table, writable);
  return (db: Queryable, ownerId: unknown, rows: ManyRows): Promise<number> => {
    const target = { table, columns: reader.columns, owner: { column, value: String(ownerId) } };
    return withLease(db, async (leased) => {
      const chunks: Chunks = chunksOf(rows, reader, isHttp(leased) ? REQUEST_BOUNDS : STATEMENT_BOUNDS);
      try {
        return await insertChunks(leased, target, chunks);
      } finally {
        // Tell an unfinished source that the remaining rows are not needed.
        await chunks.return();
      }
    });
  };
}

async function insertChunks(db: Queryable, target: Target, chunks: Chunks): Promise<number> {
  const first = await chunks.next();
  if (first.done === true) return 0;
  const second = await chunks.next();
  if (isHttp(db) && second.done !== true) throw new RequestTooLargeError();
  const statements = insertChunk(target, first.value);
  if (isHttp(db)) requireOneRequest(statements);
  if (second.done === true && statements.length === 1) return await execute(db, statements);
  if (isHttp(db)) return await executeInOneRequest(db, statements);
  const collected = second.done === true ? [statements] : [statements, insertChunk(target, second.value)];
  // In a transaction this is a savepoint, so that all rows or none are inserted there too.
  const runTransaction: (typeof db)['transaction'] = db.transaction.bind(db);
  return await runTransaction((tx) => executeAll(tx, insertStatements(target, collected, chunks)));
}

type Chunks = AsyncGenerator<Chunk, void, void>;

/** Yields the statements of the first chunks, then of each further chunk. A chunk is serialized while PostgreSQL works on the previous chunk. */
async function* insertStatements(target: Target, collected: readonly SQL[][], chunks: Chunks) {
  yield* collected;
  for await (const chunk of chunks) yield insertChunk(target, chunk);
}

/** Executes each chunk's statements while the next chunk is collected. Returns the number of rows. */
async function executeAll(db: Queryable, source: AsyncIterable<SQL[]>): Promise<number> {
  let created = 0;
  let running = Promise.resolve(0);
  try {
    for await (const statements of source) {
      created += await running;
      running = execute(db, statements);
      // Nobody awaits this promise while the source is slow. Without a handler, its rejection would end the process.
      running.catch(() => {});
    }
    return created + (await running);
  } catch (error) {
    // If the source failed, this statement is still running. If this statement failed, its error is `error`.
    await running.catch(() => {});
    throw error;
  }
}

async function execute(db: Queryable, statements: readonly SQL[]): Promise<number> {
  let created = 0;
  for (const statement of statements) created += (await db.execute(statement)).rowCount ?? 0;
  return created;
}

/** Runs statements in one HTTP request, which is one transaction. Returns the number of rows. */
async function executeInOneRequest(db: HttpDatabase, statements: readonly SQL[]): Promise<number> {
  const [first, ...others] = statements.map((statement) => db.execute(statement));
  if (first === undefined) return 0;
  const results = await db.batch([first, ...others]);
  return results.reduce((created, { rowCount }) => created + (rowCount ?? 0), 0);
}
