/** The first additions that a user makes to the tables: columns, an enum, a table of many types, a join table. */
import type { Checkout } from './checkout.ts';

const SCHEMA = 'packages/db/src/schema';

export async function growSchema(checkout: Checkout): Promise<void> {
  for (const [file, content] of Object.entries(NEW_FILES)) await checkout.write(`${SCHEMA}/${file}`, content);
  await checkout.replace(`${SCHEMA}/todo.ts`, `description: text('description'),`, TODO_COLUMNS);
  await checkout.replace(`${SCHEMA}/todo.ts`, `import { user } from './user.ts';`, TODO_IMPORTS);
  await checkout.replace(`${SCHEMA}/user.ts`, `hashedPassword:`, `${USER_COLUMNS}\n    hashedPassword:`);
  const index = await checkout.read(`${SCHEMA}/index.ts`);
  const names = Object.keys(NEW_FILES).map((file) => `export * from './${file}';\n`);
  await checkout.write(`${SCHEMA}/index.ts`, index + names.join(''));
}

const TODO_IMPORTS = `import { date } from 'drizzle-orm/pg-core';

import { todoPriority } from './todo-priority.ts';
import { user } from './user.ts';`;

const TODO_COLUMNS = `description: text('description'),
    dueDate: date('due_date'),
    priority: todoPriority('priority').notNull().default('normal'),`;

const USER_COLUMNS = `displayName: varchar('display_name', { length: 80 }).notNull().default(''),`;

const NEW_FILES = {
  'todo-priority.ts': `import { pgEnum } from 'drizzle-orm/pg-core';

export const todoPriority = pgEnum('todo_priority', ['low', 'normal', 'high']);
`,
  'attachment.ts': `import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  doublePrecision,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  text,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';

import { todo } from './todo.ts';
import { todoPriority } from './todo-priority.ts';

export const attachment = pgTable(
  'attachment',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    todoId: integer('todo_id')
      .notNull()
      .references(() => todo.id, { onDelete: 'cascade' }),
    name: varchar('name', { length: 120 }).notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    price: numeric('price', { precision: 10, scale: 2 }),
    ratio: doublePrecision('ratio'),
    isPublic: boolean('is_public').notNull().default(false),
    takenOn: date('taken_on'),
    metadata: jsonb('metadata'),
    labels: text('labels').array(),
    importance: todoPriority('importance'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('idx_attachment_todo_id').on(table.todoId), check('attachment_size', sql\`\${table.sizeBytes} >= 0\`)],
);
`,
  'tag.ts': `import { pgTable, serial, uniqueIndex, varchar } from 'drizzle-orm/pg-core';

export const tag = pgTable(
  'tag',
  { id: serial('id').primaryKey(), name: varchar('name', { length: 40 }).notNull() },
  (table) => [uniqueIndex('idx_tag_name_unique').on(table.name)],
);
`,
  'todo-tag.ts': `import { index, integer, pgTable, primaryKey } from 'drizzle-orm/pg-core';

import { tag } from './tag.ts';
import { todo } from './todo.ts';

export const todoTag = pgTable(
  'todo_tag',
  {
    todoId: integer('todo_id')
      .notNull()
      .references(() => todo.id, { onDelete: 'cascade' }),
    tagId: integer('tag_id')
      .notNull()
      .references(() => tag.id, { onDelete: 'cascade' }),
  },
  (table) => [primaryKey({ columns: [table.todoId, table.tagId] }), index('idx_todo_tag_tag_id').on(table.tagId)],
);
`,
} as const;
