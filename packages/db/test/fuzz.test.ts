/** Public functions have documented outcomes for all arguments. The full size is in fuzz.stress.ts. */
import { readFile } from 'node:fs/promises';

import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { connectHttp } from '../src/index.ts';
import { todosOf, users } from '../src/queries/index.ts';
import { ENTRIES, METHODS } from './fuzz/entries.ts';
import { runFuzz } from './fuzz/run-fuzz.ts';

const { url } = await testBranch();

/** The modules in `exports`, from their sources, so that the entries call the same functions. */
async function exportsOf(folder: URL, toFile: (file: string) => string): Promise<[name: string, value: unknown][]> {
  const { exports } = JSON.parse(await readFile(new URL('package.json', folder), 'utf8'));
  // Tables and enums are Drizzle's, and grow with the app.
  const entries = Object.entries<{ default: string }>(exports).filter(([entry]) => entry !== './schema');
  const modules = entries.map(
    async ([entry, { default: file }]) => [entry, await import(new URL(toFile(file), folder).href)] as const,
  );
  return (await Promise.all(modules)).flatMap(([entry, module]) =>
    Object.entries<unknown>(module).map(([name, value]): [string, unknown] => [`${entry} ${name}`, value]),
  );
}

const isCalled = (value: unknown) => typeof value !== 'function' || ENTRIES.has(value);

test('the fuzz test calls every exported function and every query', async () => {
  const ours = new URL('../', import.meta.url);
  const exported = [
    ...(await exportsOf(ours, (file) => file.replace('./dist/', 'src/').replace('.js', '.ts'))),
    ...(await exportsOf(new URL('../client/', ours), (file) => file)),
  ];
  expect(exported.length).toBeGreaterThan(40);
  expect(exported.filter(([, value]) => !isCalled(value)).map(([name]) => name)).toEqual([]);
  const db = connectHttp(url);
  expect(Object.keys(todosOf(db, 1)).toSorted()).toEqual([...METHODS.todosOf].toSorted());
  expect(Object.keys(users(db)).toSorted()).toEqual([...METHODS.users].toSorted());
});

test('odd values have documented outcomes, over both transports', async () => {
  const { calls, surprises } = await runFuzz(url, 6, 1);
  expect(surprises).toEqual([]);
  expect(calls).toBeGreaterThan(500);
});
