/** Every entry point in `exports` can be imported and has its promised exports. */
import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

test('every entry point can be imported without a database and prints nothing', async () => {
  const { exports } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  const found: Record<string, string[]> = {};
  for (const [entry, { default: file }] of Object.entries<{ default: string }>(exports)) {
    found[entry] = Object.keys(await import(new URL(`../${file}`, import.meta.url).href)).toSorted();
  }
  expect(found).toEqual({
    '.': [
      'DatabaseError',
      'DatabaseUrlError',
      'connectHttp',
      'connectSession',
      'connectWebSocket',
      'isLoopback',
      'maskUrl',
      'shared',
      'toDatabaseError',
      'transaction',
      'withDatabase',
    ],
    './http': ['connectHttp'],
    './errors': ['DatabaseError', 'HTTP_STATUS_OF_CODE', 'HTTP_STATUS_OF_KIND', 'httpStatusOf', 'toDatabaseError'],
    // These three entry points grow with the app.
    './schema': expect.arrayContaining(['todo', 'todoRelations', 'user', 'userRelations']),
    './validators': expect.arrayContaining([
      'idSchema',
      'insertTodoSchema',
      'insertUserSchema',
      'listOptionsSchema',
      'newTodoSchema',
      'normalizeEmail',
      'publicUserSchema',
      'selectTodoSchema',
      'selectUserSchema',
      'todoPatchSchema',
      'updateTodoSchema',
      'updateUserSchema',
    ]),
    './queries': expect.arrayContaining(['CursorError', 'PageOptionError', 'RequestTooLargeError', 'todosOf', 'users']),
    './diagnostics': ['publishEvents'],
    './otel': ['traceDatabase', 'traceparent'],
    './sql-comment': ['sqlComment'],
    './migrate': ['MigrationError', 'migrate', 'migrationStatus', 'planMigrations'],
    './database': ['database'],
    './environment': ['loadEnvironment', 'localUrl'],
  });
});

test.each(['client', 'db', 'migrator'])(
  '@todo/%s uses the app’s drizzle-orm, of which there is only one copy',
  async (name) => {
    const manifest = JSON.parse(await readFile(new URL(`../../${name}/package.json`, import.meta.url), 'utf8'));
    expect(manifest.dependencies).not.toHaveProperty('drizzle-orm');
    expect(manifest.peerDependencies).toHaveProperty('drizzle-orm');
    const lockfile = await readFile(new URL('../../../pnpm-lock.yaml', import.meta.url), 'utf8');
    expect(lockfile.match(/^ {2}drizzle-orm@[\d.]+:$/gm)).toHaveLength(1);
  },
);
