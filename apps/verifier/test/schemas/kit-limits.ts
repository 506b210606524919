/**
 * Features that the generator leaves out, because drizzle-kit 0.31.11 writes SQL for them that PostgreSQL refuses or that differs from the
 * schema. A test tries each of them: a feature that a later drizzle-kit supports belongs into the generator.
 */
import type { Schema } from '@todo/client';
import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  index,
  integer,
  jsonb,
  line,
  numeric,
  pgEnum,
  pgPolicy,
  pgSchema,
  pgTable,
  pgView,
  point,
  serial,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

export interface KitLimit {
  readonly feature: string;
  readonly because: string;
  /** The schema before and after each migration. */
  readonly versions: () => readonly Schema[];
  /** Text that the SQL should contain. It is given if PostgreSQL runs the SQL and the text is missing. */
  readonly wanted?: string;
}

const id = () => serial().primaryKey();
const enumOf = (...labels: [string, ...string[]]): Schema => {
  const state = pgEnum('state', labels);
  return { state, thing: pgTable('thing', { id: id(), state: state() }) };
};

export const KIT_LIMITS: readonly KitLimit[] = [
  {
    feature: 'a quote in the default of an array',
    because: 'it is not escaped',
    versions: () => [{ thing: pgTable('thing', { tags: text().array().default([`it's`]) }) }],
  },
  {
    feature: 'a quote in the default of a jsonb column',
    because: 'it is not escaped',
    versions: () => [{ thing: pgTable('thing', { data: jsonb().default({ a: `it's` }) }) }],
  },
  {
    feature: 'a string as the default of a jsonb column',
    because: 'it is written as a text, not as JSON',
    versions: () => [{ thing: pgTable('thing', { data: jsonb().default('on') }) }],
  },
  {
    feature: 'a BigInt as the default of a bigint column',
    because: 'the snapshot is written by JSON.stringify, which takes none',
    versions: () => [{ thing: pgTable('thing', { size: bigint({ mode: 'bigint' }).default(7n) }) }],
  },
  {
    feature: 'a BigInt as the default of a numeric column',
    because: 'the snapshot is written by JSON.stringify, which takes none',
    versions: () => [{ thing: pgTable('thing', { size: numeric({ mode: 'bigint' }).default(7n) }) }],
  },
  {
    feature: 'a tuple as the default of a point',
    because: 'it is written without quotes',
    versions: () => [{ thing: pgTable('thing', { at: point().default([1, 2]) }) }],
  },
  {
    feature: 'an object as the default of a point',
    because: 'it is written as [object Object]',
    versions: () => [{ thing: pgTable('thing', { at: point({ mode: 'xy' }).default({ x: 1, y: 2 }) }) }],
  },
  {
    feature: 'a tuple as the default of a line',
    because: 'it is written without quotes',
    versions: () => [{ thing: pgTable('thing', { at: line().default([1, 2, 3]) }) }],
  },
  {
    feature: 'a parameter in a CHECK',
    because: 'it is written as $1',
    versions: () => [{ thing: pgTable('thing', { size: integer() }, (t) => [check('c', sql`${t.size} > ${5}`)]) }],
  },
  {
    feature: 'a semicolon in a CHECK',
    because: 'the snapshot is squashed with semicolons, and cut there',
    versions: () => [{ thing: pgTable('thing', { name: text() }, (t) => [check('c', sql`${t.name} <> ';'`)]) }],
  },
  {
    feature: 'a parameter in the WHERE of an index',
    because: 'it is written as $1',
    versions: () => [
      {
        thing: pgTable('thing', { size: integer() }, (t) => [
          index('i')
            .on(t.size)
            .where(sql`${t.size} > ${5}`),
        ]),
      },
    ],
  },
  {
    feature: 'a semicolon in the WHERE of an index',
    because: 'the snapshot is squashed with semicolons, and cut there',
    versions: () => [
      {
        thing: pgTable('thing', { name: text() }, (t) => [
          index('i')
            .on(t.name)
            .where(sql`${t.name} <> ';'`),
        ]),
      },
    ],
  },
  {
    feature: 'a descending index with an operator class',
    because: 'DESC is not written',
    versions: () => [
      { thing: pgTable('thing', { name: text() }, (t) => [index('i').on(t.name.desc().op('text_pattern_ops'))]) },
    ],
    wanted: 'DESC',
  },
  {
    feature: 'a parameter in a policy',
    because: 'it is written as $1',
    versions: () => [
      { thing: pgTable('thing', { name: text() }, (t) => [pgPolicy('p', { using: sql`${t.name} <> ${'x'}` })]) },
    ],
  },
  {
    feature: 'two dashes in a policy',
    because: 'the snapshot is squashed with two dashes, and cut there',
    versions: () => [
      { thing: pgTable('thing', { name: text() }, (t) => [pgPolicy('p', { using: sql`${t.name} <> '--'` })]) },
    ],
    wanted: `<> '--')`,
  },
  {
    feature: 'a reference to a column that a unique index makes unique',
    because: 'references are made before indexes',
    versions: () => {
      const owner = pgTable('owner', { email: text() }, (t) => [uniqueIndex('u').on(t.email)]);
      return [{ owner, thing: pgTable('thing', { owner: text().references(() => owner.email) }) }];
    },
  },
  {
    feature: 'a view that the schema exports before the view it reads',
    because: 'views are made in the order of the exports',
    versions: () => {
      const thing = pgTable('thing', { id: id() });
      const inner = pgView('inner_things').as((qb) => qb.select({ id: thing.id }).from(thing));
      const outer = pgView('outer_things').as((qb) => qb.select({ id: inner.id }).from(inner));
      return [{ thing, outer, inner }];
    },
  },
  {
    feature: 'a label with a quote that is added to an enum',
    because: 'it is not escaped',
    versions: () => [enumOf('open'), enumOf('open', `won't do`)],
  },
  {
    feature: 'a label that is added before one with a quote',
    because: 'it is not escaped',
    versions: () => [enumOf(`won't do`), enumOf('open', `won't do`)],
  },
  ...[`say "hi"`, 'a--b', 'a;b', 'a,b'].map((name) => ({
    feature: `the name ${name}`,
    because: name.includes('"') ? 'it is not escaped' : 'the snapshot is squashed with this separator, and cut there',
    versions: () => {
      const columns = { id: id(), name: text(name).unique('u') };
      return [{ thing: pgTable(name, columns, (t) => [index('i').on(t.name)]) }];
    },
  })),
  {
    feature: 'a schema with an index that has the name of a property of Object',
    because: 'it is looked up in a plain object',
    versions: () => {
      const schema = pgSchema('constructor');
      return [{ schema, thing: schema.table('thing', { name: text() }, (t) => [index('i').on(t.name)]) }];
    },
  },
  {
    feature: 'a policy that has the name of a property of Object',
    because: 'it is looked up in a plain object',
    versions: () => [{ thing: pgTable('thing', { id: id() }, () => [pgPolicy('constructor', { using: sql`true` })]) }],
  },
  {
    feature: 'a column that is added and has the name of a property of Object',
    because: 'it is looked up in a plain object',
    versions: () => [
      { thing: pgTable('thing', { id: id() }) },
      { thing: pgTable('thing', { id: id(), other: text('constructor') }) },
    ],
    wanted: 'ADD COLUMN',
  },
];

/** Features that are left out for another reason. */
export const OTHER_LIMITS: readonly { readonly feature: string; readonly because: string }[] = [
  { feature: 'exclusion constraints', because: 'Drizzle has none' },
  {
    feature: 'vector, halfvec, sparsevec and geometry columns',
    because: 'they need extensions that PostgreSQL does not bring along',
  },
  { feature: 'roles', because: 'they belong to the server, not to the database' },
  { feature: 'indexes that are built concurrently', because: 'they need a migration outside a transaction' },
];
