/** What an app compiles with: no library newer than ES2022, every check of ours on, and the declaration files looked at. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { expect, onTestFinished, test } from 'vitest';

const app = join(import.meta.dirname, '..');
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');

const PROGRAM = `
import { connectHttp, connectWebSocket, shared } from '@todo/db';
import { publishEvents } from '@todo/db/diagnostics';
import { httpStatusOf } from '@todo/db/errors';
import { connectHttp as connectOverHttp } from '@todo/db/http';
import { todosOf } from '@todo/db/queries';
import { todo } from '@todo/db/schema';
import { sqlComment } from '@todo/db/sql-comment';
import { idSchema, listOptionsSchema, newTodoSchema } from '@todo/db/validators';
import { eq } from 'drizzle-orm';

export const db = shared(() => connectWebSocket(undefined));
export const query = connectHttp(undefined).select().from(todo).where(eq(todo.userId, 1));
export const status: number = httpStatusOf(undefined, { 'owner-missing': 401 });
export const list = (sent: unknown) => todosOf(connectOverHttp(undefined), 1).list(listOptionsSchema.parse(sent));
export const get = (sent: unknown) => todosOf(db, 1).get(idSchema.parse(sent));
export const commented = connectOverHttp(undefined, { comment: sqlComment(() => ({ route: '/todos' })) });
publishEvents()?.operations.query.asyncEnd.subscribe(({ rows, error }) => [rows?.toFixed(), error?.length]);
export const { waiting } = db.stats();
export const create = (sent: unknown) => todosOf(db, 1).create(newTodoSchema.parse(sent));
`;

test('an app for es2022 without types of Node compiles, and no declaration of ours has an error', async () => {
  const folder = await mkdtemp(join(app, 'node_modules', '.types-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const compilerOptions = {
    noEmit: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    skipLibCheck: false,
    module: 'nodenext',
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['program.mts'] }));
  await writeFile(join(folder, 'program.mts'), PROGRAM);
  const run = promisify(execFile)(process.execPath, [compiler, '-p', folder, '--pretty', 'false'], { cwd: app });
  const { stdout } = await run.catch((failure: { stdout: string }) => failure);
  const errors = stdout.split('\n').filter((line) => /error TS\d+/.test(line));
  // Drizzle's own declarations are of databases whose drivers are not installed.
  expect(errors.filter((line) => !line.includes('/node_modules/drizzle-orm/'))).toEqual([]);
  expect(errors.length).toBeGreaterThan(0);
});
