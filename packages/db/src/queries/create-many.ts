/** Todos by the thousand, in one statement or in one transaction. */
import { sql } from 'drizzle-orm';
import { makePgArray } from 'drizzle-orm/pg-core';

import { todo } from '../schema/todo.ts';
import { type Chunk, chunksOf, type ManyTodos } from './chunks.ts';
import { asOne, isHttp, type Queryable } from '@todo/client/queries';
import { IN_A_REQUEST, RequestTooLargeError } from './request-too-large.ts';

/** So much is in memory twice: while one chunk is under way, the next is gathered. */
const IN_A_STATEMENT = { rowsMax: 5_000, sizeMax: 1_048_576, sizeOf: (text: string) => text.length };

/** Adds all of them or none; returns how many. See `TodosOfUser.createMany`. */
export function createMany(db: Queryable, userId: number, todos: ManyTodos): Promise<number> {
  return asOne(db, (own) => createOn(own, userId, todos));
}

async function createOn(db: Queryable, userId: number, todos: ManyTodos): Promise<number> {
  const chunks = chunksOf(todos, isHttp(db) ? IN_A_REQUEST : IN_A_STATEMENT);
  try {
    const first = await chunks.next();
    if (first.done === true) return 0;
    const second = await chunks.next();
    if (second.done === true) return await insert(db, userId, first.value);
    if (isHttp(db)) throw new RequestTooLargeError();
    // In a transaction this is a savepoint, so that it is all or none there as well.
    const inTransaction: (typeof db)['transaction'] = db.transaction.bind(db);
    return await inTransaction((tx) => insertAll(tx, userId, [first.value, second.value], chunks));
  } finally {
    // A source that was not read to its end learns that nobody wants the rest.
    await chunks.return();
  }
}

async function insertAll(
  db: Queryable,
  userId: number,
  [first, second]: readonly [Chunk, Chunk],
  rest: AsyncIterable<Chunk>,
) {
  let created = await insert(db, userId, first);
  let underWay = insert(db, userId, second);
  try {
    for await (const chunk of rest) {
      const written = writtenDown(chunk);
      created += await underWay;
      underWay = insert(db, userId, written);
    }
    return created + (await underWay);
  } catch (error) {
    // When it was the source that failed, this one is still under way; when it was this one, its error is `error`.
    await underWay.catch(() => {});
    throw error;
  }
}

/** As the driver would write them down when the connection is free, and PostgreSQL waits: here it still works on the chunk before. */
function writtenDown({ titles, descriptions, completed }: Chunk): Written {
  return {
    titles: makePgArray(titles),
    descriptions: makePgArray(descriptions),
    completed: makePgArray(completed),
  };
}

type Written = Readonly<Record<keyof Chunk, string>>;

/**
 * Columns as arrays: PostgreSQL parses three parameters however many rows there are, and a wide `values` list costs it twice as much.
 * In the select list they are walked through side by side; in `from`, PostgreSQL would first write each down as a table.
 */
async function insert(db: Queryable, userId: number, chunk: Chunk | Written): Promise<number> {
  const { titles, descriptions, completed } = chunk;
  const columns = [todo.title, todo.description, todo.isCompleted, todo.userId].map(({ name }) => sql.identifier(name));
  const { rowCount } = await db.execute(sql`
    insert into ${todo} (${sql.join(columns, sql`, `)})
    select unnest(${sql.param(titles)}::varchar[]), unnest(${sql.param(descriptions)}::text[]),
      unnest(${sql.param(completed)}::boolean[]), ${userId}`);
  return rowCount ?? 0;
}
