/** The tables and relations of `@todo/db`, as an app with bare Drizzle defines them: the tables are an app's, and their size is not measured. */
import { relations, sql } from 'drizzle-orm';
import {
  boolean,
  foreignKey,
  index,
  integer,
  pgTable,
  serial,
  text,
  timestamp,
  uniqueIndex,
  varchar,
} from 'drizzle-orm/pg-core';

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

export const userRelations = relations(user, ({ many }) => ({ todos: many(todo) }));

export const todoRelations = relations(todo, ({ one }) => ({
  owner: one(user, { fields: [todo.userId], references: [user.id] }),
}));
