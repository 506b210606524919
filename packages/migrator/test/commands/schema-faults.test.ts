/** Definitions that drizzle-kit would write wrongly are named, with the remedy. */
import { nameColumns } from '@todo/client/name-columns';
import { emptyBranch } from '@todo/local-neon/vitest';
import { eq, gt, sql } from 'drizzle-orm';
import {
  bigint,
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgEnum,
  pgPolicy,
  pgSchema,
  pgTable,
  pgView,
  point,
  serial,
  text,
} from 'drizzle-orm/pg-core';
import { expect, test } from 'vitest';

import { findSchemaFaults } from '../../src/commands/schema/schema-faults.ts';
import { createStatements } from '../../src/commands/schema/snapshot.ts';
import type { DatabaseDefinition } from '../../src/index.ts';
import { query } from '../query.ts';

type Schema = DatabaseDefinition['schema'];

const definition = (schema: Schema): DatabaseDefinition => ({
  name: 'test',
  schema,
  folder: import.meta.dirname,
  migrations: '',
  sources: '/app/src/schema',
  validators: {},
});

const faultsOf = (schema: Schema) => findSchemaFaults(definition(schema));

const owner = pgTable('owner', { id: serial('id').primaryKey() });
const note = pgTable('note', { n: integer('n') });
const mood = pgEnum('mood', ['good']);
const audit = pgSchema('audit');
const inner = pgView('inner').as((builder) => builder.select().from(note));

test.each<[string, Schema, string]>([
  ['an enum', { t: pgTable('t', { m: mood('m') }) }, 'The column t.m uses the enum mood'],
  ['an enum of an array', { t: pgTable('t', { m: mood('m').array() }) }, 'The column t.m uses the enum mood'],
  [
    'the schema of a table',
    { t: audit.table('event', { n: integer('n') }) },
    'The table audit.event uses the schema audit',
  ],
  ['the schema of an enum', { e: audit.enum('kind', ['a']) }, 'The enum kind uses the schema audit'],
  [
    'a table',
    { t: pgTable('t', { o: integer('o').references(() => owner.id) }) },
    'A foreign key of t uses the table owner',
  ],
  ['the table of a view', { inner }, 'The view inner uses the table note'],
  [
    'the view of a view',
    { note, outer: pgView('outer').as((builder) => builder.select().from(inner)) },
    'The view outer uses the view inner',
  ],
])('an object that the schema uses and does not export is named once: %s', async (_kind, schema, use) => {
  expect(await faultsOf(schema)).toEqual([`${use}, which is not exported: export it from schema/index.ts.`]);
});

test('tables of a schema that the provider creates need no export', async () => {
  const users = pgSchema('neon_auth').table('users_sync', { id: text('id').primaryKey() });
  expect(await faultsOf({ t: pgTable('t', { o: text('o').references(() => users.id) }) })).toEqual([]);
});

const columns = () => ({ n: integer('n'), s: text('s') });
const long = 'n'.repeat(62);

// Each row ends with the proposed SQL, or a part of it.
test.each<[string, Schema, string, string]>([
  [
    'a BigInt',
    { t: pgTable('t', { n: bigint('n', { mode: 'bigint' }).default(9007199254740993n) }) },
    'The column t.n has a BigInt as its default',
    'sql`9007199254740993`',
  ],
  [
    'a quote in an array',
    { t: pgTable('t', { n: text('n').array().default(["it's"]) }) },
    'The column t.n has a default array with a quote',
    "sql`ARRAY['it''s']::text[]`",
  ],
  [
    'an apostrophe in JSON',
    { t: pgTable('t', { n: jsonb('n').default({ a: "it's" }) }) },
    'The column t.n has a default with an apostrophe',
    `sql\`'{"key": "it''s"}'::jsonb\``,
  ],
  [
    'a string as JSON',
    { t: pgTable('t', { n: jsonb('n').default('on') }) },
    'The column t.n has a string as its JSON default',
    `sql\`'"text"'::jsonb\``,
  ],
  [
    'a point',
    { t: pgTable('t', { n: point('n').default([1, 2]) }) },
    'The column t.n has an object or a tuple',
    "sql`'(1,2)'`",
  ],
  [
    'a value in a CHECK',
    { t: pgTable('t', columns(), (t) => [check('c', gt(t.n, 5))]) },
    'The CHECK c of t has a parameter',
    'sql.raw()',
  ],
  [
    'a value in an index',
    { t: pgTable('t', columns(), (t) => [index('i').on(t.n).where(gt(t.n, 5))]) },
    'The index i of t has a parameter',
    'sql.raw()',
  ],
  [
    'a value in a policy',
    { t: pgTable('t', columns(), (t) => [pgPolicy('p', { using: eq(t.n, 5) })]) },
    'The policy p of t has a parameter',
    'sql.raw()',
  ],
  [
    'a semicolon in a CHECK',
    { t: pgTable('t', columns(), (t) => [check('c', sql`${t.s} <> ';'`)]) },
    'An expression of the CHECK c of t contains `;`. drizzle-kit would cut',
    'chr(59)',
  ],
  [
    'dashes in a policy',
    { t: pgTable('t', columns(), (t) => [pgPolicy('p', { using: sql`${t.s} <> '--'` })]) },
    'An expression of the policy p of t contains `--`. drizzle-kit would cut',
    '--custom',
  ],
  [
    'a descending index by an operator class',
    { t: pgTable('t', columns(), (t) => [index('i').on(t.s.desc().op('text_pattern_ops'))]) },
    'The index i of t has a column with .desc() and .op()',
    'text_pattern_ops DESC',
  ],
  [
    'a name with a quote',
    { t: pgTable('t', { n: text("it's") }) },
    "The table t has a name that drizzle-kit cannot write: it's",
    'Use another name',
  ],
  [
    'a name of every object',
    { t: pgTable('t', { n: text('constructor') }) },
    'The table t has a name that drizzle-kit cannot write: constructor',
    'Use another name',
  ],
  [
    'foreign keys whose names are cut to one',
    {
      owner,
      t: pgTable(long, { a: integer('a').references(() => owner.id), b: integer('b').references(() => owner.id) }),
    },
    `${long} has two names that are the same to PostgreSQL, which keeps 63 bytes of each: ${long}_a_owner_id_fk and ${long}_b_owner_id_fk`,
    'foreignKey({ name })',
  ],
  [
    'tables whose names are cut to one',
    { a: pgTable(`${long}é1`, {}), b: pgTable(`${long}é2`, {}) },
    'The schema public has two names',
    'shorter',
  ],
])('%s is named, with the remedy', async (_kind, schema, message, remedy) => {
  const [fault, ...others] = await faultsOf(schema);
  expect(fault).toContain(message);
  expect(fault).toContain(remedy);
  expect(others).toEqual([]);
});

test('truncated names that differ before the limit are no fault', async () => {
  const short = foreignKey({ name: 'short', columns: [note.n], foreignColumns: [owner.id] });
  expect(short).toBeDefined();
  const t = pgTable(long, { a: integer('a').references(() => owner.id), b: integer('b') }, (self) => [
    foreignKey({ name: 'b_fkey', columns: [self.b], foreignColumns: [owner.id] }),
  ]);
  expect(await faultsOf({ owner, t })).toEqual([]);
});

test('the proposed SQL for a default runs, and gives the value', async () => {
  const t = pgTable('t', {
    id: integer('id'),
    n: bigint('n', { mode: 'bigint' }).default(sql`9007199254740993`),
    a: text('a')
      .array()
      .default(sql`ARRAY['it''s']::text[]`),
    j: jsonb('j').default(sql`'{"key": "it''s"}'::jsonb`),
    s: jsonb('s').default(sql`'"text"'::jsonb`),
    p: point('p').default(sql`'(1,2)'`),
  });
  expect(await faultsOf({ t })).toEqual([]);
  const { url } = await emptyBranch();
  const statements = await createStatements(definition({ t }));
  expect(await query(url, ...statements, 'insert into t (id) values (1) returning n::text, a, j, s, p::text')).toEqual([
    { n: '9007199254740993', a: ["it's"], j: { key: "it's" }, s: 'text', p: '(1,2)' },
  ]);
});

test('a naming that no column has is a fault, until nameColumns has applied it', async () => {
  const hen = pgTable('hen', { henId: serial().primaryKey() });
  const { casing } = nameColumns({}, 'snake_case');
  expect(await findSchemaFaults({ ...definition({ hen }), casing })).toEqual([
    `casing is 'snake_case', but the columns do not have these names. Use nameColumns(schema, 'snake_case').`,
  ]);
  expect(await findSchemaFaults({ ...definition({ hen }), ...nameColumns({ hen }, 'snake_case') })).toEqual([]);
});
