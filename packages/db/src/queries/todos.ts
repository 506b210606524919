/** Queries the todos of one user. All queries are limited to one user id. */
import type { PageOptions, Queryable } from '@todo/client/queries';
import { canHold, changedRow, forReading, ownedBy, statement } from '@todo/client/queries';
import { eq, sql } from 'drizzle-orm';

import { constraintErrors } from '../schema/constraint-errors.ts';
import { todo } from '../schema/todo.ts';
import type { NewTodo, Todo, TodoPatch } from '../validators/todo.ts';

export interface ListOptions extends PageOptions {
  /** Lists only completed or only open todos. Default: all. */
  readonly isCompleted?: boolean | undefined;
}

export interface TodoPage {
  readonly todos: readonly Todo[];
  /** The cursor of the next page; undefined on the last page. */
  readonly nextCursor: string | undefined;
}

export interface TodoStats {
  readonly total: number;
  readonly completed: number;
}

/**
 * Each function is one round trip. A todo of another user is treated as a todo that does not exist.
 *
 * In the statements, `…` stands for every column of the table. In `values`, `…` stands for a parameter if the column has a value, and for
 * `default` otherwise.
 */
export interface TodosOfUser {
  /**
   * Adds a todo. A missing column gets its default.
   * @throws {ColumnError} for an unknown key, or for a column that callers may not write. Nothing was sent.
   * @throws {DatabaseError} `owner-missing`
   * ```sql
   * insert into "todo" (…) values (…) returning …
   * ```
   */
  create(values: NewTodo): Promise<Todo>;

  /**
   * Adds any number of todos in the given order, all or none. Returns the number of todos. Accepts any iterable or async iterable, and
   * holds at most a few thousand todos in memory. Up to 5,000 todos (and 1 MiB of text) are one statement. More todos are one transaction,
   * which stays open until the source ends.
   *
   * Over HTTP all todos are one request of at most 10 MiB.
   * @throws {RequestTooLargeError} over HTTP, when the todos do not fit. Nothing was sent.
   * @throws {ColumnError} as in `create`. Nothing is stored.
   * @throws {DatabaseError} `owner-missing`
   *
   * For `[{ title, description }, { title }]`:
   * ```sql
   * insert into "todo" ("title", "description", "user_id")
   * select unnest($1::text[])::varchar, unnest($2::text[])::text, $3
   * ```
   * For `[{ title, isCompleted }, { title }]`, where the second todo takes a default:
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
   * A page of todos. A page starts after an id and skips no rows, so every page costs the same.
   *
   * PostgreSQL plans this statement again each time, for its user. A prepared plan fits the average user. For a user with far more todos it
   * would read all their todos to return twenty: 6,700 table pages instead of 5, for 150,000 todos of a million.
   * @throws {CursorError} when `cursor` is not from this list.
   * @throws {PageOptionError} when another option has an invalid value.
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
   * Changes only the columns in `patch`.
   * @throws {TypeError} when `patch` has no column.
   * @throws {ColumnError} as in `create`.
   * @throws {DatabaseError} `not-found`
   *
   * For `{ title, description }`:
   * ```sql
   * update "todo" set "title" = $1, "description" = $2, "updated_at" = now()
   * where ("todo"."user_id" = $3 and "todo"."id" = $4) returning …
   * ```
   */
  update(id: number, patch: TodoPatch): Promise<Todo>;

  /**
   * Marks a todo as completed.
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
   * The number of todos, and the number of completed todos.
   * ```sql
   * select count(*)::int, (count(*) filter (where "is_completed"))::int from "todo" where "todo"."user_id" = $1
   * ```
   */
  stats(): Promise<TodoStats>;
}

/** The todos of one user, in a database or inside a transaction. */
export function todosOf(db: Queryable, userId: number): TodosOfUser {
  const todos = ownedTodos(db, userId);
  return {
    ...todos,
    list: async (options) => {
      const { rows, nextCursor } = await todos.list(options);
      return { todos: rows, nextCursor };
    },
    complete: (id) => todos.update(id, { isCompleted: true }),
    stats: async () => {
      if (!canHold(todo.userId, userId)) return { total: 0, completed: 0 };
      return changedRow(await countTodos(forReading(db), { userId }), 'todo');
    },
  };
}

const ownedTodos = ownedBy(todo, 'userId', { filters: ['isCompleted'], constraintErrors });

const countTodos = statement<TodoStats>('todo_stats', (db, name) =>
  db
    .select({
      total: sql<number>`count(*)::int`,
      completed: sql<number>`(count(*) filter (where ${todo.isCompleted}))::int`,
    })
    .from(todo)
    .where(eq(todo.userId, sql.placeholder('userId')))
    .prepare(name),
);
