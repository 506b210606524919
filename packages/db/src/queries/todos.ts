/** The queries of one user's todos. Whose they are is said once, before anything else can be asked. */
import { type Order, ownedBy, type Queryable, canHold, changedRow, forReading, statement } from '@todo/client/queries';
import { eq, sql } from 'drizzle-orm';

import { constraintErrors } from '../schema/constraint-errors.ts';
import { todo } from '../schema/todo.ts';
import type { NewTodo, Todo, TodoPatch } from '../validators/todo.ts';

export interface ListOptions {
  /** How many todos at most, 1 to 1000. Default 20. */
  readonly limit?: number | undefined;
  /** `nextCursor` of the page before. Default: the first page. */
  readonly cursor?: string | undefined;
  /** By creation. Default `newest` first. */
  readonly order?: Order | undefined;
  /** Only those that are, or are not. Default: all. */
  readonly isCompleted?: boolean | undefined;
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

/**
 * Each is one round trip. The todo of another user is treated as one that does not exist.
 *
 * In the statements, `…` stands for every column of the table; in `values`, for a parameter where the column is given a value, and
 * for `default` elsewhere.
 */
export interface TodosOfUser {
  /**
   * Adds a todo. A column that is left out gets its default.
   * @throws {ColumnError} for a key that is no column, or of one that is not the caller's. Nothing was sent.
   * @throws {DatabaseError} `owner-missing`
   * ```sql
   * insert into "todo" (…) values (…) returning …
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
   * @throws {ColumnError} as `create` does. Nothing is stored.
   * @throws {DatabaseError} `owner-missing`
   *
   * Of `[{ title, description }, { title }]`:
   * ```sql
   * insert into "todo" ("title", "description", "user_id")
   * select unnest($1::text[])::varchar, unnest($2::text[])::text, $3
   * ```
   * Of `[{ title, isCompleted }, { title }]`, where the second takes a default:
   * ```sql
   * merge into "todo" using (select unnest($1::int[]) as variant, $2::integer as owner,
   *   unnest($3::text[])::varchar as value_0, unnest($4::text[])::boolean as value_1) as source on false
   * when not matched and source.variant = 0 then
   *   insert ("title", "is_completed", "user_id") values (source.value_0, source.value_1, source.owner)
   * when not matched and source.variant = 1 then
   *   insert ("title", "user_id") values (source.value_0, source.owner)
   * ```
   */
  createMany(values: Iterable<NewTodo> | AsyncIterable<NewTodo>): Promise<number>;

  /**
   * A page of todos. As far on as one likes, a page costs the same: it begins behind an id, and skips nothing.
   *
   * This one is planned anew each time, for its user. A prepared plan is for the average user, and reads all todos of one who has
   * far more than that for the sake of twenty: 6,700 pages of a table instead of 5, for 150,000 todos among a million.
   * @throws {CursorError} when `cursor` is not from this list.
   * @throws {PageOptionError} when another option is not one of its values.
   * ```sql
   * select … from "todo" where "todo"."user_id" = $1 order by "todo"."id" desc limit $2
   * ```
   * With a cursor, in the other order, and with a filter:
   * ```sql
   * select … from "todo" where ("todo"."user_id" = $1 and "todo"."id" > $2 and "todo"."is_completed" = $3)
   * order by "todo"."id" asc limit $4
   * ```
   */
  list(options?: ListOptions): Promise<TodoPage>;

  /**
   * The todo with this id.
   * ```sql
   * select … from "todo" where ("todo"."user_id" = $1 and "todo"."id" = $2)
   * ```
   */
  get(id: number): Promise<Todo | undefined>;

  /**
   * Changes what `patch` names, and nothing else.
   * @throws {TypeError} when that is nothing.
   * @throws {ColumnError} as `create` does.
   * @throws {DatabaseError} `not-found`
   *
   * Of `{ title, description }`:
   * ```sql
   * update "todo" set "title" = $1, "description" = $2, "updated_at" = now()
   * where ("todo"."user_id" = $3 and "todo"."id" = $4) returning …
   * ```
   */
  update(id: number, patch: TodoPatch): Promise<Todo>;

  /**
   * Says that a todo is done.
   * @throws {DatabaseError} `not-found`
   * ```sql
   * update "todo" set "is_completed" = $1, "updated_at" = now()
   * where ("todo"."user_id" = $2 and "todo"."id" = $3) returning …
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
  const todos = owned(db, userId);
  return {
    ...todos,
    list: async (options) => {
      const { rows, nextCursor } = await todos.list(options);
      return { todos: rows, nextCursor };
    },
    complete: (id) => todos.update(id, { isCompleted: true }),
    stats: async () => {
      if (!canHold(todo.userId, userId)) return { total: 0, completed: 0 };
      return changedRow(await count(forReading(db), { userId }), 'todo');
    },
  };
}

const owned = ownedBy(todo, 'userId', { filters: ['isCompleted'], constraintErrors });

const count = statement<TodoStats>('todo_stats', (db, name) =>
  db
    .select({
      total: sql<number>`count(*)::int`,
      completed: sql<number>`(count(*) filter (where ${todo.isCompleted}))::int`,
    })
    .from(todo)
    .where(eq(todo.userId, sql.placeholder('userId')))
    .prepare(name),
);
