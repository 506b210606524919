/** The queries of users. None returns `hashedPassword` unless asked for it by name. */
import { eq, getTableColumns, sql } from 'drizzle-orm';

import { user } from '../schema/user.ts';
import { normalizeEmail } from '../validators/normalize-email.ts';
import { requireChange } from '@todo/client/validators';
import type { NewUser, PublicUser, User, UserPatch } from '../validators/user.ts';
import { changedRow, forReading, type Queryable, statement } from '@todo/client/queries';

/** Each is one round trip. Email addresses may be in any spelling: they are normalised here. */
export interface Users {
  /**
   * Adds a user.
   * @throws {DatabaseError} `email-taken`
   * ```sql
   * insert into "user" ("id", "email", "hashed_password", "created_at", "updated_at")
   * values (default, $1, $2, default, default)
   * returning "id", "email", "created_at", "updated_at"
   * ```
   */
  create(values: NewUser): Promise<PublicUser>;

  /**
   * The user with this email address; with their `hashedPassword` where that is asked for, to check a password.
   * @example
   * const found = await users(db).byEmail(email, { hashedPassword: true });
   *
   * ```sql
   * select "id", "email", "created_at", "updated_at" from "user" where "user"."email" = $1
   * ```
   * ```sql
   * select "id", "email", "hashed_password", "created_at", "updated_at" from "user" where "user"."email" = $1
   * ```
   */
  byEmail(email: string, also: { readonly hashedPassword: true }): Promise<User | undefined>;
  byEmail(email: string): Promise<PublicUser | undefined>;

  /**
   * The user with this id.
   * ```sql
   * select "id", "email", "created_at", "updated_at" from "user" where "user"."id" = $1
   * ```
   */
  byId(id: number): Promise<PublicUser | undefined>;

  /**
   * Changes what `patch` names, and nothing else.
   * @throws {TypeError} when that is nothing.
   * @throws {DatabaseError} `not-found`, `email-taken`
   * ```sql
   * update "user" set "email" = coalesce($1, "user"."email"),
   *   "hashed_password" = coalesce($2, "user"."hashed_password"), "updated_at" = now()
   * where "user"."id" = $3
   * returning "id", "email", "created_at", "updated_at"
   * ```
   */
  update(id: number, patch: UserPatch): Promise<PublicUser>;

  /**
   * Deletes a user, with all their todos.
   * @throws {DatabaseError} `not-found`
   * ```sql
   * delete from "user" where "user"."id" = $1 returning "id"
   * ```
   */
  remove(id: number): Promise<void>;
}

/** The users of a database, or as a transaction sees them. */
export function users(db: Queryable): Users {
  async function byEmail(email: string, also: { readonly hashedPassword: true }): Promise<User | undefined>;
  async function byEmail(email: string): Promise<PublicUser | undefined>;
  async function byEmail(email: string, also?: { readonly hashedPassword: boolean }): Promise<PublicUser | undefined> {
    const find = also?.hashedPassword === true ? findWithHash : findByEmail;
    const [found] = await find(forReading(db), { email: normalizeEmail(email) });
    return found;
  }

  return {
    create: async ({ email, hashedPassword }) =>
      changedRow(await create(db, { email: normalizeEmail(email), hashedPassword }), 'user'),
    byEmail,
    byId: async (id) => (await findById(forReading(db), { id }))[0],
    update: async (id, { email, hashedPassword }) => {
      requireChange({ email, hashedPassword });
      const normalized = email === undefined ? null : normalizeEmail(email);
      return changedRow(await update(db, { id, email: normalized, hashedPassword: hashedPassword ?? null }), 'user');
    },
    remove: async (id) => void changedRow(await remove(db, { id }), 'user'),
  };
}

const { hashedPassword: _, ...publicColumns } = getTableColumns(user);
const { id, email, hashedPassword } = {
  id: sql.placeholder('id'),
  email: sql.placeholder('email'),
  hashedPassword: sql.placeholder('hashedPassword'),
};

const create = statement<PublicUser>('user_create', (db, name) =>
  db.insert(user).values({ email, hashedPassword }).returning(publicColumns).prepare(name),
);

const findByEmail = statement<PublicUser>('user_by_email', (db, name) =>
  db.select(publicColumns).from(user).where(eq(user.email, email)).prepare(name),
);

const findWithHash = statement<User>('user_by_email_with_hash', (db, name) =>
  db.select().from(user).where(eq(user.email, email)).prepare(name),
);

const findById = statement<PublicUser>('user_by_id', (db, name) =>
  db.select(publicColumns).from(user).where(eq(user.id, id)).prepare(name),
);

const update = statement<PublicUser>('user_update', (db, name) =>
  db
    .update(user)
    .set({
      email: sql`coalesce(${email}, ${user.email})`,
      hashedPassword: sql`coalesce(${hashedPassword}, ${user.hashedPassword})`,
    })
    .where(eq(user.id, id))
    .returning(publicColumns)
    .prepare(name),
);

const remove = statement<Pick<User, 'id'>>('user_remove', (db, name) =>
  db.delete(user).where(eq(user.id, id)).returning({ id: user.id }).prepare(name),
);
