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
