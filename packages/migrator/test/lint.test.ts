/** Each rule finds its bad example and nothing else; its good one passes, and does run. */
import { testBranch } from '@todo/local-neon/vitest';
import { describe, expect, test } from 'vitest';

import { readFolder } from '../src/migrate/folder.ts';
import { lintMigrations } from '../src/lint/lint-migrations.ts';
import { RULES } from '../src/lint/rules.ts';
import { migrate } from '../src/index.ts';
import { database } from './fixture/database.js';
import { migrationsFolder } from './migrations-folder.ts';
import { query } from './query.ts';

async function lint(...files: string[]): Promise<string[]> {
  const folder = await readFolder(await migrationsFolder(...files.map((sql, index) => ({ name: `000${index}`, sql }))));
  const findings = await lintMigrations(folder.migrations, () => true);
  return findings.map(({ name, line, rule }) => `${name}:${line} ${rule}`);
}

describe.each(RULES.map((rule) => [rule.name, rule] as const))('%s', (name, { bad, good }) => {
  test('finds what is bad', async () => {
    expect((await lint(bad)).map((finding) => finding.split(' ')[1])).toEqual([name]);
  });

  test('lets the safe form pass, which runs', async () => {
    expect(await lint(good)).toEqual([]);
    const { url } = await testBranch();
    await query(url, 'drop schema drizzle cascade', 'alter schema public rename to kept', 'create schema public');
    await query(url, `alter table kept.task set schema public`, `alter table kept."group" set schema public`);
    const directory = await migrationsFolder({ name: '0000_good', sql: good });
    expect((await migrate(url, directory)).applied).toEqual(['0000_good']);
  });
});

test('what the file itself has made may be changed at will', async () => {
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
])('%s finds it in other words, too: %s', async (rule, statement) => {
  expect(await lint(statement)).toEqual([`0000:1 ${rule}`]);
});

test('a column that is to be the primary key is required, and builds an index', async () => {
  expect(await lint('ALTER TABLE task ADD COLUMN key uuid PRIMARY KEY;')).toEqual([
    '0000:1 unique-builds-index',
    '0000:1 required-column',
  ]);
});

test('a new column that refers to another table needs no scan, for it is null in every row', async () => {
  expect(await lint('ALTER TABLE task ADD COLUMN shared_with int REFERENCES "group" (id);')).toEqual([]);
});

test('what drizzle-kit generated for the fixture passes', async () => {
  const { migrations } = await readFolder(database.migrations);
  expect(await lintMigrations(migrations, () => true)).toEqual([]);
});

test('a finding names its very line, also among several statements without breakpoints and after umlauts', async () => {
  const sql = `-- Änderung\nSELECT 'ä𝄞';\n-- one more\nDROP TABLE task;\n--> statement-breakpoint\n\nDELETE FROM "group";`;
  expect(await lint(sql)).toEqual(['0000:4 drop-table', '0000:7 deletes-every-row']);
});

test('what is no SQL is found on its very line, and what is around it is judged', async () => {
  expect(await lint("SELECT 'ä𝄞',\n  1 from from;\n--> statement-breakpoint\nDROP TABLE task;")).toEqual([
    '0000:2 syntax-error',
    '0000:4 drop-table',
  ]);
});

const drop = (comment: string) => `${comment}\nALTER TABLE task DROP COLUMN title;\n`;

test('a statement is allowed by rule and with a reason, and for itself alone', async () => {
  expect(await lint(drop('-- allow drop-column: since v2'))).toEqual([]);
  expect(await lint(drop('SELECT 1;\n-- allow drop-column: since v2'))).toEqual([]);
  expect(await lint(drop('-- allow drop-column:'))).toEqual(['0000:2 drop-column']);
  expect(await lint(drop('-- allow rename: since v2'))).toEqual(['0000:2 drop-column']);
  expect(await lint(`${drop('-- allow drop-column: since v2')}${drop('')}`)).toEqual(['0000:4 drop-column']);
});

test('only pending files are judged, in the light of all', async () => {
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
