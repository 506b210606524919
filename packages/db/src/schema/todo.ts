/**
 * A task of one user.
 *
 * - A todo has exactly one existing owner (`todo_user_id_fkey`), and is deleted with the owner (`ON DELETE CASCADE`).
 * - `idx_todo_user_id` finds the todos of a user. PostgreSQL does not create an index for a foreign key by itself, and both the cascade and
 *   the queries need one.
 * - `description` is null when there is none. An empty text is a description that a user has deleted.
 * - `created_at` never changes; `updated_at` changes as in `user`.
 */
import { sql } from 'drizzle-orm';
import { boolean, foreignKey, index, integer, pgTable, serial, text, timestamp, varchar } from 'drizzle-orm/pg-core';

import { user } from './user.ts';

export const todo = pgTable(
  'todo',
  {
    id: serial('id').primaryKey(),
    title: varchar('title', { length: 200 }).notNull(),
    description: text('description'),
    isCompleted: boolean('is_completed').notNull().default(false),
    userId: integer('user_id').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp('updated_at', { withTimezone: true })
      .notNull()
      .defaultNow()
      .$onUpdate(() => sql`now()`),
  },
  (table) => [
    index('idx_todo_user_id').on(table.userId),
    foreignKey({
      name: 'todo_user_id_fkey',
      columns: [table.userId],
      foreignColumns: [user.id],
    }).onDelete('cascade'),
  ],
);
