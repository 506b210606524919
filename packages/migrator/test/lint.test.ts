/**
 * Each rule finds its bad example and no other, and accepts its good example. lint-examples.stress.ts runs the good examples on PostgreSQL.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { readFolder } from '../src/migrate/folder.ts';
import { lintMigrations } from '../src/lint/lint-migrations.ts';
import { RULES } from '../src/lint/rules/index.ts';
import { STATEMENT_BREAK, NO_TRANSACTION } from '../src/lint/rule.ts';
import { database } from './fixture/database.js';
import { migrationsFolder } from './migrations-folder.ts';

async function lint(...files: string[]): Promise<string[]> {
  const folder = await readFolder(await migrationsFolder(...files.map((sql, index) => ({ name: `000${index}`, sql }))));
  const findings = await lintMigrations(folder.migrations, () => true);
  return findings.map(({ name, line, rule }) => `${name}:${line} ${rule}`);
}

const fixture = await readFile(join(database.migrations, '0000_create_group_and_task.sql'), 'utf8');

/** The findings in files that follow the fixture's migrations. */
async function lintAfterFixture(...files: string[]): Promise<string[]> {
  return lint(fixture, ...files);
}

describe.each(RULES.map((rule) => [rule.name, rule] as const))('%s', (name, { bad, good }) => {
  test('finds its bad example, and no other rule does', async () => {
    expect((await lintAfterFixture(bad)).map((finding) => finding.split(' ')[1])).toEqual([name]);
  });

  test('accepts its good example', async () => {
    expect(await lintAfterFixture(good)).toEqual([]);
  });
});

test('objects that the same file creates may be changed', async () => {
  const made = [
    'CREATE TABLE note (id integer, body text);',
    'CREATE INDEX note_body ON note (body);',
    'ALTER TABLE note ADD PRIMARY KEY (id), ADD CHECK (id > 0), ALTER COLUMN body SET NOT NULL;',
    'TRUNCATE note;',
  ];
  expect(await lint(made.join('\n--> statement-breakpoint\n'))).toEqual([]);
  expect(await lint(made[0]!, made[1]!)).toEqual(['0001:1 index-blocks-writes']);
});

test.each([
  ['unique-builds-index', 'ALTER TABLE task ADD COLUMN slug text UNIQUE;'],
  ['unique-builds-index', 'ALTER TABLE task ADD CONSTRAINT apart EXCLUDE USING gist (group_id WITH =);'],
  ['check-scans', 'ALTER TABLE task ADD COLUMN size int CHECK (size > 0);'],
  ['column-rewrites-table', 'ALTER TABLE task ADD COLUMN number serial NOT NULL;'],
  ['column-rewrites-table', 'ALTER TABLE task ADD COLUMN number int GENERATED ALWAYS AS IDENTITY;'],
  ['column-rewrites-table', 'ALTER TABLE task ADD COLUMN size int GENERATED ALWAYS AS (length(title)) STORED;'],
  ['concurrently-in-transaction', 'DROP INDEX CONCURRENTLY idx_task_group_id;'],
  ['concurrently-in-transaction', 'REINDEX TABLE CONCURRENTLY task;'],
  ['drop-table', 'DROP SCHEMA other;'],
  ['drop-table', 'DROP MATERIALIZED VIEW busy;'],
  ['drop-table', 'DROP SEQUENCE ticket;'],
  ['deletes-every-row', 'TRUNCATE task;'],
  ['rename', 'ALTER TABLE task RENAME TO task;'],
  ['rename', 'ALTER VIEW busy RENAME TO idle;'],
  ['exclusive-maintenance', 'VACUUM FULL task;'],
  ['exclusive-maintenance', 'CLUSTER task USING task_pkey;'],
  ['exclusive-maintenance', 'REFRESH MATERIALIZED VIEW busy;'],
  ['ends-transaction', 'BEGIN;'],
  ['ends-transaction', 'START TRANSACTION;'],
  ['ends-transaction', 'ROLLBACK;'],
  ['set-not-null-scans', 'ALTER TABLE task ADD CONSTRAINT given NOT NULL description;'],
  ['deletes-every-row', 'DELETE FROM task WHERE true;'],
  ['updates-every-row', 'UPDATE task SET is_done = true WHERE true;'],
  ['drop-view-type-function', 'DROP TYPE IF EXISTS mood;'],
  ['drop-view-type-function', 'DROP DOMAIN positive;'],
  ['drop-view-type-function', 'DROP FUNCTION other.busy(int), idle;'],
  ['drop-view-type-function', 'DROP PROCEDURE tidy;'],
  ['drop-constraint', 'ALTER DOMAIN positive DROP CONSTRAINT positive_check;'],
  ['disable-trigger', 'ALTER TABLE task DISABLE TRIGGER USER;'],
  ['disable-trigger', 'ALTER TABLE task DISABLE TRIGGER stamp;'],
  ['disable-trigger', 'ALTER TABLE task ENABLE REPLICA TRIGGER stamp;'],
  ['disable-trigger', 'ALTER TABLE task DISABLE RULE keep;'],
  ['disable-trigger', 'SET session_replication_role = replica;'],
  ['dynamic-sql', `DO $$ DECLARE r record; BEGIN FOR r IN EXECUTE 'SELECT 1' LOOP END LOOP; END $$;`],
  ['dynamic-sql', `DO $$ DECLARE c refcursor; BEGIN OPEN c FOR EXECUTE 'SELECT 1'; END $$ LANGUAGE plpgsql;`],
  ['row-security-off', 'ALTER TABLE task NO FORCE ROW LEVEL SECURITY;'],
  ['grant-to-public', 'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO PUBLIC;'],
  ['grant-to-public', 'GRANT EXECUTE ON FUNCTION busy TO web, PUBLIC;'],
  ['revoke', 'REVOKE writer FROM web;'],
  ['revoke', 'REVOKE USAGE ON SCHEMA public FROM web;'],
  ['revoke', 'REVOKE EXECUTE ON FUNCTION busy(int) FROM PUBLIC;'],
  ['definer-search-path', 'ALTER FUNCTION busy SECURITY DEFINER;'],
  ['definer-search-path', 'ALTER FUNCTION busy SECURITY DEFINER RESET search_path;'],
  ['timestamp-without-time-zone', 'CREATE TABLE note (seen timestamp(3)[]);'],
  ['char-column', 'CREATE TABLE note (letter char);'],
  ['json-column', 'CREATE TABLE note (extra json NOT NULL);'],
])('the rule %s also finds another spelling: %s', async (rule, statement) => {
  expect(await lint(statement)).toEqual([`0000:1 ${rule}`]);
});

test('a new primary key column is required, and builds an index', async () => {
  expect(await lint('ALTER TABLE task ADD COLUMN key uuid PRIMARY KEY;')).toEqual([
    '0000:1 unique-builds-index',
    '0000:1 required-column',
  ]);
});

test('a new foreign key column needs no scan, unless it has a default', async () => {
  const column = 'ALTER TABLE task ADD COLUMN shared_with int REFERENCES "group" (id);';
  const index = `${NO_TRANSACTION}CREATE INDEX CONCURRENTLY idx_task_shared_with ON task (shared_with);`;
  expect(await lint(column, index)).toEqual([]);
  expect(await lint(column.replace('int', 'int DEFAULT 1'), index)).toEqual(['0000:1 foreign-key-scans']);
  expect(await lint(column.replace('int', 'int DEFAULT 1 CHECK (true)'), index)).toEqual([
    '0000:1 foreign-key-scans',
    '0000:1 check-scans',
  ]);
});

test('a statement that only resembles a finding is accepted', async () => {
  const harmless = [
    'GRANT SELECT ON task TO web;',
    'ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;',
    'SET LOCAL session_replication_role TO DEFAULT;',
    'ALTER TABLE task ENABLE TRIGGER ALL, FORCE ROW LEVEL SECURITY;',
    `DO $$ BEGIN PERFORM 'EXECUTE'; GRANT EXECUTE ON FUNCTION busy TO web; END $$;`,
    `DO LANGUAGE other 'BEGIN EXECUTE 1; END';`,
    `DO 'BEGIN EXECUTE;';`,
    'ALTER FUNCTION busy SECURITY DEFINER SET search_path FROM CURRENT;',
    'ALTER FUNCTION busy SECURITY INVOKER;',
    'ALTER TABLE task ADD CONSTRAINT given NOT NULL description NOT VALID;',
    'CREATE TABLE note (kind "char", seen timestamp with time zone, extra jsonb, code bigint);',
  ];
  expect(await lintAfterFixture(harmless.join(STATEMENT_BREAK))).toEqual([]);
});

describe('an object that the same file creates', () => {
  test.each([
    ['a view', 'CREATE VIEW busy AS SELECT 1;', 'DROP VIEW public.busy;'],
    ['a type', `CREATE TYPE mood AS ENUM ('good');`, 'DROP TYPE mood;'],
    ['a domain', 'CREATE DOMAIN positive AS int;', 'DROP DOMAIN positive;'],
    ['a function', `CREATE FUNCTION one(a int, OUT b int) LANGUAGE sql AS 'SELECT 1';`, 'DROP FUNCTION one(int);'],
    ['a policy', 'CREATE POLICY own ON task USING (true);', 'DROP POLICY own ON public.task;'],
    [
      'a constraint',
      'ALTER TABLE task ADD CONSTRAINT c CHECK (true) NOT VALID;',
      'ALTER TABLE task DROP CONSTRAINT c;',
    ],
  ])('may be dropped in the same file, before or after: %s', async (_kind, create, drop) => {
    expect(await lintAfterFixture(create + STATEMENT_BREAK + drop)).toEqual([]);
    expect(await lintAfterFixture(drop + STATEMENT_BREAK + create)).toEqual([]);
    expect(await lintAfterFixture(create, drop)).toEqual([expect.stringMatching(/^0002:1 drop-/)]);
    expect(await lintAfterFixture(NO_TRANSACTION + drop + STATEMENT_BREAK + create)).toEqual([
      expect.stringMatching(/^0001:2 drop-/),
    ]);
  });

  test('is not mistaken for another function of that name', async () => {
    const create = `CREATE FUNCTION one(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';`;
    expect(await lintAfterFixture(`DROP FUNCTION one;${STATEMENT_BREAK}${create}`)).toEqual([]);
    expect(await lintAfterFixture(`DROP FUNCTION one(text);${STATEMENT_BREAK}${create}`)).toEqual([
      '0001:1 drop-view-type-function',
    ]);
  });

  test('may lose the default privileges of PUBLIC', async () => {
    const create = `CREATE FUNCTION one(a int) RETURNS int LANGUAGE sql AS 'SELECT 1';`;
    expect(await lintAfterFixture(`${create}${STATEMENT_BREAK}REVOKE ALL ON FUNCTION one(int) FROM PUBLIC;`)).toEqual(
      [],
    );
    expect(await lintAfterFixture(create, 'REVOKE ALL ON FUNCTION one(int) FROM PUBLIC;')).toEqual(['0002:1 revoke']);
  });
});

test('a CHECK may be dropped after SET NOT NULL has replaced it, in any file', async () => {
  const proof = [
    'ALTER TABLE task ADD CONSTRAINT c CHECK (description IS NOT NULL) NOT VALID;',
    'ALTER TABLE task VALIDATE CONSTRAINT c;',
    'ALTER TABLE task ALTER COLUMN description SET NOT NULL;',
    'ALTER TABLE task DROP CONSTRAINT c;',
  ];
  expect(await lintAfterFixture(...proof)).toEqual([]);
  expect(await lintAfterFixture(...proof.toSpliced(2, 1))).toEqual(['0003:1 drop-constraint']);
});

describe('a foreign key', () => {
  const key = 'ALTER TABLE task ADD COLUMN a int, ADD COLUMN b int REFERENCES "group" (id);';
  const pair = 'CREATE TABLE pair (a int, b int, FOREIGN KEY (a, b) REFERENCES elsewhere (a, b));';

  test.each([
    ['leads with its column', key, 'CREATE INDEX CONCURRENTLY i ON task (b, a);'],
    ['leaves out nulls only', key, 'CREATE INDEX CONCURRENTLY i ON public.task (b) WHERE b IS NOT NULL;'],
    ['is a hash', key, 'CREATE INDEX CONCURRENTLY i ON task USING hash (b);'],
    ['has its columns in another order', pair, 'CREATE INDEX CONCURRENTLY i ON pair (b, a);'],
    ['is behind a constraint', pair.replace('b int', 'b int, UNIQUE (a, b)'), 'SELECT 1;'],
    ['is behind the primary key', 'CREATE TABLE one (id int PRIMARY KEY REFERENCES task (id));', 'SELECT 1;'],
    ['was created when the column had another name', key, 'CREATE INDEX CONCURRENTLY i ON task (c);', 'c'],
  ])('is indexed by an index that %s', async (_title, table, index, renamed = '') => {
    const rename = `-- allow rename: nobody knows it yet\nALTER TABLE task RENAME COLUMN ${renamed} TO b;`;
    const files =
      renamed === ''
        ? [table, NO_TRANSACTION + index]
        : [table, `${NO_TRANSACTION}${index}${STATEMENT_BREAK}${rename}`];
    expect(await lintAfterFixture(...files)).toEqual([]);
  });

  test.each([
    ['begins with another column', key, 'CREATE INDEX CONCURRENTLY i ON task (a, b);'],
    ['begins with an expression', key, 'CREATE INDEX CONCURRENTLY i ON task (abs(b), b);'],
    ['leaves out rows', key, 'CREATE INDEX CONCURRENTLY i ON task (b) WHERE a > 0;'],
    [
      'leaves out rows where another column is null',
      key,
      'CREATE INDEX CONCURRENTLY i ON task (b, a) WHERE a IS NOT NULL;',
    ],
    ['is of another kind', key, 'CREATE INDEX CONCURRENTLY i ON task USING brin (b);'],
    ['is on a table of another schema', key, 'CREATE INDEX CONCURRENTLY i ON other.task (b);'],
    ['has only one of two columns', pair, 'CREATE INDEX CONCURRENTLY i ON pair (a);'],
    ['is dropped', key, `CREATE INDEX CONCURRENTLY i ON task (b);${STATEMENT_BREAK}DROP INDEX CONCURRENTLY i;`],
  ])('is not indexed by an index that %s', async (_title, table, index) => {
    const findings = await lintAfterFixture(`${NO_TRANSACTION}${table}${STATEMENT_BREAK}${index}`);
    expect(findings).toEqual(['0001:2 unindexed-foreign-key']);
  });

  test('may be added before or after its index, in the same file or another', async () => {
    const index = `${NO_TRANSACTION}CREATE INDEX CONCURRENTLY i ON task (b);`;
    const column = 'ALTER TABLE task ADD COLUMN b int;';
    const constraint = 'ALTER TABLE task ADD CONSTRAINT k FOREIGN KEY (b) REFERENCES "group" (id) NOT VALID;';
    expect(await lintAfterFixture(column, index, constraint)).toEqual([]);
    expect(await lintAfterFixture(column, constraint, index)).toEqual([]);
    expect(await lintAfterFixture(column, constraint)).toEqual(['0002:1 unindexed-foreign-key']);
  });
});

describe('the lock order', () => {
  const [parent, child] = [
    `UPDATE "group" SET secret = '' WHERE id = 1;`,
    'UPDATE task SET title = title WHERE id = 1;',
  ];

  test.each([
    ['LOCK lists the child first', 'LOCK TABLE task, "group" IN SHARE MODE;'],
    ['TRUNCATE lists the child first', '-- allow deletes-every-row: test\nTRUNCATE task, "group";'],
    ['a definition follows a change of rows', `${child}${STATEMENT_BREAK}ALTER TABLE "group" ADD COLUMN place text;`],
    ['a change of rows follows a definition', `ALTER TABLE task ADD COLUMN place text;${STATEMENT_BREAK}${parent}`],
  ])('is judged when %s', async (_title, sql) => {
    expect((await lintAfterFixture(sql)).map((finding) => finding.split(' ')[1])).toEqual(['lock-order']);
  });

  test.each([
    [
      'drizzle-kit alters the child first',
      'ALTER TABLE task ADD COLUMN a int;',
      'ALTER TABLE "group" ADD COLUMN b int;',
    ],
    [
      'only a third table is changed by a hand-written statement',
      'UPDATE other.note SET a = 1 WHERE a = 2;',
      'ALTER TABLE task ADD COLUMN a int;',
      'ALTER TABLE "group" ADD COLUMN b int;',
    ],
    ['the parent is locked already', parent, child, parent],
    ['the lock lets others write', 'LOCK TABLE task IN ROW EXCLUSIVE MODE;', parent],
    [
      'nobody uses one of the tables',
      'CREATE TABLE own (t int UNIQUE REFERENCES "group" (id));',
      'UPDATE own SET t = 1 WHERE t = 2;',
      parent,
    ],
    ['each statement is a transaction', `${NO_TRANSACTION}${child}`, parent],
    ['the constraint is only validated', 'ALTER TABLE task VALIDATE CONSTRAINT task_group_id_fkey;', parent],
  ])('is not judged when %s', async (_title, ...statements) => {
    expect(await lintAfterFixture(statements.join(STATEMENT_BREAK))).toEqual([]);
  });

  test('follows parents of parents, and renamed tables', async () => {
    const between = 'CREATE TABLE note (id int PRIMARY KEY, task_id int UNIQUE REFERENCES task (id));';
    const change = 'UPDATE note SET id = 2 WHERE id = 1;';
    expect(await lintAfterFixture(between, `${change}${STATEMENT_BREAK}${parent}`)).toEqual(['0002:3 lock-order']);
    const rename = '-- allow rename: nobody knows it yet\nALTER TABLE task RENAME TO job;';
    const renamed = `${child.replace('task', 'job')}${STATEMENT_BREAK}${parent}`;
    expect(await lintAfterFixture(rename, renamed)).toEqual(['0002:3 lock-order']);
  });

  test('is not checked for tables that refer to each other, or if the foreign key was dropped', async () => {
    const back = `ALTER TABLE "group" ADD COLUMN first_id int UNIQUE REFERENCES task (id);`;
    const allowed = `-- allow unique-builds-index: test\n${back}`;
    expect(await lintAfterFixture(allowed, `${child}${STATEMENT_BREAK}${parent}`)).toEqual([]);
    const drop = '-- allow drop-constraint: test\nALTER TABLE task DROP CONSTRAINT task_group_id_fkey;';
    expect(await lintAfterFixture(drop, `${child}${STATEMENT_BREAK}${parent}`)).toEqual([]);
  });
});

test('a serial column is reported in each file except the first', async () => {
  const sql = 'CREATE TABLE note (id bigserial PRIMARY KEY);';
  expect(await lint(sql)).toEqual([]);
  expect(await lint('SELECT 1;', sql)).toEqual(['0001:1 serial-column']);
});

test('tables of the same name in different schemas are different tables', async () => {
  const sql = `CREATE TABLE other.task (id int);${STATEMENT_BREAK}DELETE FROM task;`;
  expect(await lint(sql)).toEqual(['0000:3 deletes-every-row']);
});

test('docs/migrations.md lists each rule, and no other', async () => {
  const page = await readFile(new URL('../../../docs/migrations.md', import.meta.url), 'utf8');
  const [, section = ''] = page.split('### The rules\n');
  const rows = section.split(/^##/m)[0]?.matchAll(/^\| `([a-z-]+)` /gm) ?? [];
  expect([...rows].map(([, rule]) => rule)).toEqual(RULES.map(({ name }) => name));
});

test('the migrations that drizzle-kit generated for the fixture pass', async () => {
  const { migrations } = await readFolder(database.migrations);
  expect(await lintMigrations(migrations, () => true)).toEqual([]);
});

test('a finding names its exact line, also among several statements without breakpoints and after non-ASCII characters', async () => {
  const sql = `-- Änderung\nSELECT 'ä𝄞';\n-- one more\nDROP TABLE task;\n--> statement-breakpoint\n\nDELETE FROM "group";`;
  expect(await lint(sql)).toEqual(['0000:4 drop-table', '0000:7 deletes-every-row']);
});

test('invalid SQL is found on its exact line, and the statements around it are checked', async () => {
  expect(await lint("SELECT 'ä𝄞',\n  1 from from;\n--> statement-breakpoint\nDROP TABLE task;")).toEqual([
    '0000:2 syntax-error',
    '0000:4 drop-table',
  ]);
});

const drop = (comment: string) => `${comment}\nALTER TABLE task DROP COLUMN title;\n`;

test('a comment allows one rule for one statement, and needs a reason', async () => {
  expect(await lint(drop('-- allow drop-column: since v2'))).toEqual([]);
  expect(await lint(drop('SELECT 1;\n-- allow drop-column: since v2'))).toEqual([]);
  expect(await lint(drop('-- allow drop-column:'))).toEqual(['0000:2 drop-column']);
  expect(await lint(drop('-- allow rename: since v2'))).toEqual(['0000:2 drop-column']);
  expect(await lint(`${drop('-- allow drop-column: since v2')}${drop('')}`)).toEqual(['0000:4 drop-column']);
});

test('only pending files are checked, with all files as context', async () => {
  const proof = [
    'ALTER TABLE task ADD CONSTRAINT c CHECK (description IS NOT NULL) NOT VALID;',
    'ALTER TABLE task VALIDATE CONSTRAINT c;',
    'ALTER TABLE task ALTER COLUMN description SET NOT NULL;',
  ];
  expect(await lint(...proof)).toEqual([]);
  expect(await lint(...proof.toSpliced(1, 1))).toEqual(['0001:1 set-not-null-scans']);
  const ofAnother = proof.slice(0, 2).map((statement) => statement.replace('task', 'note'));
  expect(await lint(...ofAnother, ...proof.slice(2))).toEqual(['0002:1 set-not-null-scans']);
});
