/**
 * A person who owns todos.
 *
 * - An email address belongs to one user (`idx_user_email_unique`). PostgreSQL compares it exactly: `A@x.com` and `a@x.com`
 *   are two addresses to it, so whoever writes or looks up an address passes it through `normalizeEmail` first.
 * - Only a hash of the password is stored. The column takes any text; that it is a hash is the caller's duty.
 * - `created_at` never moves. `updated_at` moves on every update made through Drizzle, to the server's `now()`: clocks of
 *   application servers disagree. An update in plain SQL sets it itself.
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
