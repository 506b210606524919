/** A lending library, for tests of checks that are derived from any schema. It has two PostgreSQL schemas and keys of every kind. */
import { sql } from 'drizzle-orm';
import {
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  pgEnum,
  pgPolicy,
  pgSchema,
  pgTable,
  pgView,
  primaryKey,
  serial,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';

export const genre = pgEnum('genre', ['novel', 'poetry', 'drama']);

export const audit = pgSchema('audit');

export const author = pgTable('author', {
  id: serial('id').primaryKey(),
  name: varchar('name', { length: 80 }).notNull().unique(),
  born: date('born'),
});

export const book = pgTable(
  'book',
  {
    isbn: varchar('isbn', { length: 13 }).primaryKey(),
    title: varchar('title', { length: 120 }).notNull(),
    genre: genre('genre').notNull().default('novel'),
    price: numeric('price', { precision: 6, scale: 2 }).notNull().default('9.90'),
    tags: text('tags').array().notNull().default([]),
    details: jsonb('details'),
    isLent: boolean('is_lent').notNull().default(false),
    shortTitle: text('short_title').generatedAlwaysAs(sql`left(title, 20)`),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    updatedAt: timestamp('updated_at', { withTimezone: true })
      .notNull()
      .defaultNow()
      .$onUpdate(() => sql`now()`),
  },
  (table) => [
    check('book_price_check', sql`price >= 0`),
    uniqueIndex('book_title_index').on(sql`lower(${table.title})`),
    index('book_genre_index').on(table.genre),
    // This policy is for other roles than the owner, because policies do not bind the owner.
    pgPolicy('book_readers', { for: 'select', to: 'pg_monitor', using: sql`not is_lent` }),
  ],
).enableRLS();

export const writtenBy = pgTable(
  'written_by',
  {
    isbn: varchar('isbn', { length: 13 })
      .notNull()
      .references(() => book.isbn, { onDelete: 'cascade' }),
    authorId: integer('author_id')
      .notNull()
      .references(() => author.id, { onDelete: 'restrict' }),
    share: integer('share').notNull().default(100),
  },
  (table) => [
    primaryKey({ columns: [table.isbn, table.authorId] }),
    index('written_by_author_index').on(table.authorId),
  ],
);

/** A shelf is part of another shelf, or of none. */
export const shelf = pgTable(
  'shelf',
  {
    id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
    label: varchar('label', { length: 20 }).notNull(),
    within: integer('within'),
  },
  (table) => [
    unique('shelf_label_key').on(table.label),
    index('shelf_within_index').on(table.within),
    foreignKey({ name: 'shelf_within_fkey', columns: [table.within], foreignColumns: [table.id] }).onDelete('set null'),
  ],
);

export const copy = pgTable(
  'copy',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    isbn: varchar('isbn', { length: 13 }).notNull(),
    shelfId: integer('shelf_id').references(() => shelf.id, { onDelete: 'set null' }),
    number: integer('number').notNull(),
  },
  (table) => [
    uniqueIndex('copy_number_index').on(table.isbn, table.number),
    index('copy_shelf_index').on(table.shelfId),
    foreignKey({ name: 'copy_isbn_fkey', columns: [table.isbn], foreignColumns: [book.isbn] }),
  ],
);

export const event = audit.table(
  'event',
  {
    id: serial('id').primaryKey(),
    copyId: uuid('copy_id')
      .notNull()
      .references(() => copy.id, { onDelete: 'cascade' }),
    note: varchar('note', { length: 40 }).notNull(),
    at: timestamp('at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('event_copy_index').on(table.copyId)],
);

export const lentBook = pgView('lent_book').as((query) =>
  query
    .select({ isbn: book.isbn, title: book.title })
    .from(book)
    .where(sql`${book.isLent}`),
);
