/** The queries of one user's todos. Whose they are is said once, before anything else can be asked. */
import { and, asc, desc, eq, getTableColumns, gte, lte, sql } from 'drizzle-orm';

import { todo } from '../schema/todo.ts';
import { requireChange } from '@todo/client/validators';
import type { NewTodo, Todo, TodoPatch } from '../validators/todo.ts';
import { createMany } from './create-many.ts';
import { decodeCursor, encodeCursor, type Order } from './cursor.ts';
import { changedRow, forReading, type Queryable, statement } from '@todo/client/queries';

export interface ListOptions {
  /** How many todos at most, 1 to 1000. Default 20. */
  readonly limit?: number;
  /** `nextCursor` of the page before. Default: the first page. */
  readonly cursor?: string | undefined;
  /** By creation. Default `newest` first. */
  readonly order?: Order;
  /** Only those that are, or are not. Default: all. */
  readonly isCompleted?: boolean;
}

export interface TodoPage {
  readonly todos: readonly Todo[];
  /** Leads to the page after this one; undefined when this is the last. */
  readonly nextCursor: string | undefined;
}

export interface TodoStats {
  readonly total: number;
  readonly completed: number;
}

/** Each is one round trip. The todo of another user is treated as one that does not exist. */
export interface TodosOfUser {
  /**
   * Adds a todo.
   * @throws {DatabaseError} `owner-missing`
   * ```sql
   * insert into "todo" ("id", "title", "description", "is_completed", "user_id", "created_at", "updated_at")
   * values (default, $1, $2, $3, $4, default, default)
   * returning "id", "title", "description", "is_completed", "user_id", "created_at", "updated_at"
   * ```
   */
  create(values: NewTodo): Promise<Todo>;

  /**
   * Adds any number of todos, all or none, in the order given; returns how many. Takes what can be iterated, at once or as it comes, and
   * holds no more than some thousands of them at a time. Up to 5,000 (and 1 MiB of text) are one statement; more are a transaction,
   * which stays open until the last has come.
   *
   * Over HTTP all of them are one request, of 10 MB at most.
   * @throws {RequestTooLargeError} over HTTP, when they do not fit. Nothing was sent.
   * @throws {DatabaseError} `owner-missing`
   * ```sql
   * insert into "todo" ("title", "description", "is_completed", "user_id")
   * select unnest($1::varchar[]), unnest($2::text[]), unnest($3::boolean[]), $4
   * ```
   */
  createMany(values: Iterable<NewTodo> | AsyncIterable<NewTodo>): Promise<number>;

  /**
   * A page of todos. As far on as one likes, a page costs the same: it begins behind an id, and skips nothing.
   *
   * This one is planned anew each time, for its user. A prepared plan is for the average user, and reads all todos of one who has
   * far more than that for the sake of twenty: 6,700 pages of a table instead of 5, for 150,000 todos among a million.
   * @throws {CursorError} when `cursor` is not from this list.
   * @throws {RangeError} when `limit` is out of range.
   * ```sql
   * select "id", "title", "description", "is_completed", "user_id", "created_at", "updated_at" from "todo"
   * where ("todo"."user_id" = $1 and "todo"."id" <= $2 and ($3::boolean is null or "todo"."is_completed" = $4))
   * order by "todo"."id" desc limit $5
   * ```
   * ```sql
   * select "id", "title", "description", "is_completed", "user_id", "created_at", "updated_at" from "todo"
   * where ("todo"."user_id" = $1 and "todo"."id" >= $2 and ($3::boolean is null or "todo"."is_completed" = $4))
   * order by "todo"."id" asc limit $5
   * ```
   */
  list(options?: ListOptions): Promise<TodoPage>;

  /**
   * The todo with this id.
   * ```sql
   * select "id", "title", "description", "is_completed", "user_id", "created_at", "updated_at" from "todo"
   * where ("todo"."user_id" = $1 and "todo"."id" = $2)
   * ```
   */
  get(id: number): Promise<Todo | undefined>;

  /**
   * Changes what `patch` names, and nothing else.
   * @throws {TypeError} when that is nothing.
   * @throws {DatabaseError} `not-found`
   * ```sql
   * update "todo" set "title" = coalesce($1, "todo"."title"),
   *   "description" = case when $2 then $3 else "todo"."description" end,
   *   "is_completed" = coalesce($4, "todo"."is_completed"), "updated_at" = now()
   * where ("todo"."user_id" = $5 and "todo"."id" = $6)
   * returning "id", "title", "description", "is_completed", "user_id", "created_at", "updated_at"
   * ```
   */
  update(id: number, patch: TodoPatch): Promise<Todo>;

  /**
   * Says that a todo is done.
   * @throws {DatabaseError} `not-found`
   * ```sql
   * update "todo" set "is_completed" = $1, "updated_at" = now()
   * where ("todo"."user_id" = $2 and "todo"."id" = $3)
   * returning "id", "title", "description", "is_completed", "user_id", "created_at", "updated_at"
   * ```
   */
  complete(id: number): Promise<Todo>;

  /**
   * Deletes a todo.
   * @throws {DatabaseError} `not-found`
   * ```sql
   * delete from "todo" where ("todo"."user_id" = $1 and "todo"."id" = $2) returning "id"
   * ```
   */
  remove(id: number): Promise<void>;

  /**
   * How many todos there are, and how many are done.
   * ```sql
   * select count(*)::int, (count(*) filter (where "is_completed"))::int from "todo" where "todo"."user_id" = $1
   * ```
   */
  stats(): Promise<TodoStats>;
}

/** The todos of one user, in a database or as a transaction sees them. */
export function todosOf(db: Queryable, userId: number): TodosOfUser {
  return {
    create: async ({ title, description = null, isCompleted = false }) =>
      changedRow(await create(db, { userId, title, description, isCompleted }), 'todo'),
    createMany: (values) => createMany(db, userId, values),
    list: (options = {}) => list(db, userId, options),
    get: async (id) => (await find(forReading(db), { userId, id }))[0],
    update: async (id, { title, description, isCompleted }) => {
      requireChange({ title, description, isCompleted });
      const values = { title: title ?? null, description: description ?? null, isCompleted: isCompleted ?? null };
      const hasDescription = description !== undefined;
      return changedRow(await update(db, { userId, id, ...values, hasDescription }), 'todo');
    },
    complete: async (id) => changedRow(await complete(db, { userId, id }), 'todo'),
    remove: async (id) => void changedRow(await remove(db, { userId, id }), 'todo'),
    stats: async () => changedRow(await count(forReading(db), { userId }), 'todo'),
  };
}

async function list(db: Queryable, userId: number, options: ListOptions): Promise<TodoPage> {
  const { limit = 20, cursor, order = 'newest', isCompleted = null } = options;
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000)
    throw new RangeError('`limit` is a whole number from 1 to 1000.');
  const { page, first, step } = ORDERS[order];
  const from = cursor === undefined ? first : decodeCursor({ userId, order }, cursor) + step;
  // One more, to know whether there is a next page.
  const rows = await page(forReading(db), { userId, from, isCompleted, limit: limit + 1 });
  const todos = rows.slice(0, limit);
  const last = todos.at(-1);
  const nextCursor = last === undefined || rows.length <= limit ? undefined : encodeCursor({ userId, order }, last.id);
  return { todos, nextCursor };
}

const columns = getTableColumns(todo);
const placeholder = {
  id: sql.placeholder('id'),
  userId: sql.placeholder('userId'),
  title: sql.placeholder('title'),
  description: sql.placeholder('description'),
  isCompleted: sql.placeholder('isCompleted'),
};
/** The condition of every statement on a todo that exists. */
const isTheirs = and(eq(todo.userId, placeholder.userId), eq(todo.id, placeholder.id));

const create = statement<Todo>('todo_create', (db, name) => {
  const { userId, title, description, isCompleted } = placeholder;
  return db.insert(todo).values({ userId, title, description, isCompleted }).returning(columns).prepare(name);
});

const find = statement<Todo>('todo_get', (db, name) => db.select(columns).from(todo).where(isTheirs).prepare(name));

const update = statement<Todo>('todo_update', (db, name) => {
  const { title, description, isCompleted } = placeholder;
  const hasDescription = sql.placeholder('hasDescription');
  return db
    .update(todo)
    .set({
      title: sql`coalesce(${title}, ${todo.title})`,
      description: sql`case when ${hasDescription} then ${description} else ${todo.description} end`,
      isCompleted: sql`coalesce(${isCompleted}, ${todo.isCompleted})`,
    })
    .where(isTheirs)
    .returning(columns)
    .prepare(name);
});

const complete = statement<Todo>('todo_complete', (db, name) =>
  db.update(todo).set({ isCompleted: true }).where(isTheirs).returning(columns).prepare(name),
);

const remove = statement<Pick<Todo, 'id'>>('todo_remove', (db, name) =>
  db.delete(todo).where(isTheirs).returning({ id: todo.id }).prepare(name),
);

const count = statement<TodoStats>('todo_stats', (db, name) =>
  db
    .select({
      total: sql<number>`count(*)::int`,
      completed: sql<number>`(count(*) filter (where ${todo.isCompleted}))::int`,
    })
    .from(todo)
    .where(eq(todo.userId, placeholder.userId))
    .prepare(name),
);

const page = (order: typeof asc, isBeyond: typeof gte) =>
  statement<Todo>(undefined, (db, name) => {
    const { userId, isCompleted } = placeholder;
    const isWanted = sql`(${isCompleted}::boolean is null or ${eq(todo.isCompleted, isCompleted)})`;
    return db
      .select(columns)
      .from(todo)
      .where(and(eq(todo.userId, userId), isBeyond(todo.id, sql.placeholder('from')), isWanted))
      .orderBy(order(todo.id))
      .limit(sql.placeholder('limit'))
      .prepare(name);
  });

/** Each begins at an edge of `integer`, and goes on one step behind the last id of the page before. */
const ORDERS = {
  newest: { page: page(desc, lte), first: 2_147_483_647, step: -1 },
  oldest: { page: page(asc, gte), first: -2_147_483_648, step: 1 },
} as const;
