/**
 * A person who owns todos.
 *
 * - An email address belongs to one user (`idx_user_email_unique`). PostgreSQL compares addresses exactly: `A@x.com` and `a@x.com` are two
 *   addresses. Code that writes or looks up an address must pass it through `normalizeEmail` first.
 * - Only a hash of the password is stored. The column accepts any text; the caller must hash the password.
 * - `created_at` never changes. `updated_at` is set to the server's `now()` on every update through Drizzle, because clocks of application
 *   servers differ. An update in plain SQL must set `updated_at` itself.
 * - Deleting a user deletes their todos (`todo_user_id_fkey`).
 */
import { sql } from 'drizzle-orm';
import { pgTable, serial, timestamp, uniqueIndex, varchar } from 'drizzle-orm/pg-core';

export const user = pgTable(
  'user',
  {
    id: serial('id').primaryKey(),
    email: varchar('email', { length: 255 }).notNull(),
    hashedPassword: varchar('hashed_password', { length: 255 }).notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp('updated_at', { withTimezone: true })
      .notNull()
      .defaultNow()
      .$onUpdate(() => sql`now()`),
  },
  (table) => [uniqueIndex('idx_user_email_unique').on(table.email)],
);
