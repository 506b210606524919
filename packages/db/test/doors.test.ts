/** Every door that `exports` names opens, and holds what it promises. */
import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

test('each door of the package opens without a database and without a word', async () => {
  const { exports } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const doors: Record<string, string[]> = {};
  for (const [door, { default: file }] of Object.entries<{ default: string }>(exports)) {
    doors[door] = Object.keys(await import(new URL(`../${file}`, import.meta.url).href)).toSorted();
  }
  expect(doors).toEqual({
    '.': [
      'DatabaseError',
      'DatabaseUrlError',
      'connectHttp',
      'connectSession',
      'connectWebSocket',
      'isLoopback',
      'maskUrl',
      'toDatabaseError',
      'transaction',
      'withDatabase',
    ],
    './http': ['connectHttp'],
    './errors': ['DatabaseError', 'toDatabaseError'],
    './schema': ['todo', 'todoRelations', 'user', 'userRelations'],
    './validators': [
      'insertTodoSchema',
      'insertUserSchema',
      'newTodoSchema',
      'normalizeEmail',
      'publicUserSchema',
      'selectTodoSchema',
      'selectUserSchema',
      'todoPatchSchema',
      'updateTodoSchema',
      'updateUserSchema',
    ],
    './queries': ['CursorError', 'RequestTooLargeError', 'todosOf', 'users'],
    './migrate': [
      'MIGRATIONS_FOLDER',
      'MigrationError',
      'findChainFaults',
      'migrate',
      'migrationStatus',
      'planMigrations',
      'readFolder',
      'schemaDrift',
    ],
    './lint': ['lintMigrations'],
    './catalog': ['compareCatalogs', 'describeDifference', 'readCatalog', 'reconcile'],
    './environment': ['loadEnvironment'],
  });
});
