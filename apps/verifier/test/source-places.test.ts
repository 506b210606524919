import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import type { Subject } from '../src/check.ts';
import type { Result } from '../src/result.ts';
import { addPlaces } from '../src/source-places.ts';
import { twoTables } from './two-tables/two-tables.ts';

const root = join(import.meta.dirname, '../../..');

/** The source lines that a finding about this object names. */
async function linesFor(about: Subject): Promise<string[]> {
  const finding = { have: '', want: '', why: '', fix: '', severity: 'error', about } as const;
  const result: Result = { id: 'a/b', status: 'fail', title: '', durationMs: 0, findings: [finding] };
  const [located] = await addPlaces([result], twoTables.database);
  return await Promise.all(
    (located?.findings?.[0]?.places ?? []).map(async ({ file, line }) => {
      const lines = (await readFile(join(root, file), 'utf8')).split('\n');
      return `${file.split('/').at(-1)}: ${lines[line - 1]?.trim()}`;
    }),
  );
}

test.each<[about: Subject, schema: string, migration: string]>([
  [{ table: 'todo' }, `todo.ts: 'todo',`, 'CREATE TABLE "todo" ('],
  [{ table: 'user' }, `user.ts: 'user',`, 'CREATE TABLE "user" ('],
  [{ table: 'todo', name: 'is_completed' }, 'todo.ts: isCompleted: boolean(', '"is_completed" boolean'],
  [{ table: 'user', name: 'created_at' }, 'user.ts: createdAt: timestamp(', '"created_at" timestamp'],
  [{ table: 'todo', name: 'idx_todo_user_id' }, 'todo.ts: index(', 'CREATE INDEX "idx_todo_user_id"'],
  [{ table: 'todo', name: 'todo_user_id_fkey' }, 'todo.ts: name:', 'ADD CONSTRAINT "todo_user_id_fkey"'],
  [{ table: 'todo', name: 'todo_pkey' }, 'todo.ts: id: serial', '"id" serial PRIMARY KEY'],
  [{ table: 'user', name: 'user_id_seq' }, 'user.ts: id: serial', '"id" serial PRIMARY KEY'],
])('the place of %o is found in the schema and in the migration', async (about, schema, migration) => {
  expect(await linesFor(about)).toEqual([expect.stringContaining(schema), expect.stringContaining(migration)]);
});

test('an object that the code does not define has no place, or that of its table', async () => {
  expect(await linesFor({ table: 'stray' })).toEqual([]);
  expect(await linesFor({ table: 'todo', name: 'stray' })).toEqual([`todo.ts: 'todo',`]);
});
