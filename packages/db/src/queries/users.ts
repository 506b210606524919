/** Queries the users. No query returns `hashedPassword` unless the caller asks for it by name. */
import { canHold, forReading, type Queryable, rowsOf, statement } from '@todo/client/queries';
import { eq, getTableColumns, sql } from 'drizzle-orm';

import { user } from '../schema/user.ts';
import { normalizeEmail } from '../validators/normalize-email.ts';
import type { NewUser, PublicUser, User, UserPatch } from '../validators/user.ts';

/**
 * Each function is one round trip. Email addresses may have any spelling: these functions normalize them.
 *
 * In the statements, `…` stands for every column of the table except `hashed_password`. In an `insert`, `…` stands for every column; in its
 * `values`, for a parameter if the column has a value, and for `default` otherwise.
 */
export interface Users {
  /**
   * Adds a user. A missing column gets its default.
   * @throws {ColumnError} for an unknown key, or for a column that callers may not write. Nothing was sent.
   * @throws {DatabaseError} `email-taken`
   * ```sql
   * insert into "user" (…) values (…) returning …
   * ```
   */
  create(values: NewUser): Promise<PublicUser>;

  /**
   * The user with this email address. With `{ hashedPassword: true }`, the row includes the hash, to check a password.
   * @example
   * const found = await users(db).byEmail(email, { hashedPassword: true });
   *
   * ```sql
   * select … from "user" where "user"."email" = $1
   * ```
   * ```sql
   * select …, "hashed_password" from "user" where "user"."email" = $1
   * ```
   */
  byEmail(email: string, fields: { readonly hashedPassword: true }): Promise<User | undefined>;
  byEmail(email: string): Promise<PublicUser | undefined>;

  /**
   * The user with this id.
   * ```sql
   * select … from "user" where "user"."id" = $1
   * ```
   */
  byId(id: number): Promise<PublicUser | undefined>;

  /**
   * Changes only the columns in `patch`.
   * @throws {TypeError} when `patch` has no column.
   * @throws {ColumnError} as in `create`.
   * @throws {DatabaseError} `not-found`, `email-taken`
   *
   * For `{ email }`:
   * ```sql
   * update "user" set "email" = $1, "updated_at" = now() where "user"."id" = $2 returning …
   * ```
   */
  update(id: number, patch: UserPatch): Promise<PublicUser>;

  /**
   * Deletes a user and all their todos.
   * @throws {DatabaseError} `not-found`
   * ```sql
   * delete from "user" where "user"."id" = $1 returning "id"
   * ```
   */
  remove(id: number): Promise<void>;
}

/** The users of a database, or inside a transaction. */
export function users(db: Queryable): Users {
  async function byEmail(email: string, fields: { readonly hashedPassword: true }): Promise<User | undefined>;
  async function byEmail(email: string): Promise<PublicUser | undefined>;
  async function byEmail(
    email: string,
    fields?: { readonly hashedPassword: boolean },
  ): Promise<PublicUser | undefined> {
    if (typeof email !== 'string') return undefined;
    const find = fields?.hashedPassword === true ? findWithHash : findByEmail;
    const address = normalizeEmail(email);
    if (!canHold(user.email, address)) return undefined;
    return (await find(forReading(db), { email: address }))[0];
  }

  const userRows = rowsIn(db);
  return {
    create: async (values) => await userRows.create(replaceEmail(values)),
    byEmail,
    byId: (id) => userRows.get(id),
    update: async (id, patch) => await userRows.update(id, replaceEmail(patch)),
    remove: (id) => userRows.remove(id),
  };
}

/** Returns the row with its address in the spelling that is stored. Returns any other value as it is: the queries refuse it. */
function replaceEmail<Row extends UserPatch>(row: Row): Row {
  const email: unknown = row?.email;
  return typeof email === 'string' ? { ...row, email: normalizeEmail(email) } : row;
}

const rowsIn = rowsOf(user, { hidden: ['hashedPassword'] });

const { hashedPassword: _, ...publicColumns } = getTableColumns(user);
const hasEmail = eq(user.email, sql.placeholder('email'));

const findByEmail = statement<PublicUser>('user_by_email', (db, name) =>
  db.select(publicColumns).from(user).where(hasEmail).prepare(name),
);

const findWithHash = statement<User>('user_with_hash', (db, name) =>
  db
    .select({ ...publicColumns, hashedPassword: user.hashedPassword })
    .from(user)
    .where(hasEmail)
    .prepare(name),
);
