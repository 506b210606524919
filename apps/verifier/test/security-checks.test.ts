/**
 * One fault for each check of the group, with its remedy, and harmless cases. `security-checks.stress.ts` runs all cases on two versions.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { testBranch } from '@todo/local-neon/vitest';
import { afterAll, beforeAll, expect, it } from 'vitest';

import { app } from '../src/app.ts';
import { openContext } from '../src/open-context.ts';
import { securityChecks } from '../src/checks/security/index.ts';
import { execute } from './database.ts';
import { openLibrary } from './library/library.ts';
import { checks, prove, targetOf } from './prove.ts';
import { type Server, startServer } from './schemas/server.ts';
import { HARMLESS, POISONS } from './security/cases.ts';
import { testEachCase } from './security/each-case.ts';

let server: Server;

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => server[Symbol.asyncDispose]());

const firstOfEach = POISONS.filter(({ id }, index) => POISONS.findIndex((other) => other.id === id) === index);

testEachCase(
  firstOfEach,
  HARMLESS.filter((_, index) => index % 5 === 0),
  () => server,
);

it('each security check has a case that it finds, and a line in the README', async () => {
  const ids = checks.map(({ id }) => id).filter((id) => id.startsWith('security/'));
  expect(firstOfEach.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
  expect([...readme.matchAll(/^\| `(security\/[a-z-]+)` /gm)].map(([, id]) => id)).toEqual(ids);
});

it('all security checks share one query', async () => {
  const { url } = await testBranch();
  const { contextFor, close } = await openContext(app, targetOf(url, url, false));
  const { read, ...context } = contextFor({ step: () => {}, show: () => {} });
  const asked: string[] = [];
  const counting: typeof read = (work) =>
    read((session) => work({ query: (text, params) => (asked.push(text), session.query(text, params)) }));
  await Promise.all(securityChecks.map(({ run }) => run({ ...context, read: counting })));
  await close();
  expect(asked).toHaveLength(1);
});

it('a manual grant is reported where the schema differs from the code, and a grant that the code declares is reported here', async () => {
  const [{ url }, { url: shadow }] = await Promise.all([testBranch(), testBranch()]);
  const grant = 'grant select on todo to public';
  const only = ['schema/privileges', 'security/public-grant'];
  const causes = async () =>
    (await prove(url, { shadow, only })).map(({ id, findings = [] }) => [id, findings.map(({ causedBy }) => causedBy)]);
  await execute(url, grant);
  expect(await causes()).toEqual([
    ['schema/privileges', [undefined]],
    ['security/public-grant', ['schema/privileges']],
  ]);
  await execute(shadow, grant);
  expect(await causes()).toEqual([
    ['schema/privileges', []],
    ['security/public-grant', [undefined]],
  ]);
});

it('a security finding names the line of the policy in the schema, and of the function in the migration', async () => {
  await using library = await openLibrary();
  const url = await library.open();
  await execute(
    url,
    `alter policy book_readers on book using (current_setting('app.who', true) = isbn)`,
    'alter function shelves() security definer',
  );
  const results = await prove(url, { app: library, only: ['security/rls-setting', 'security/definer-public'] });
  const places = results.flatMap(({ findings = [] }) => findings.flatMap((finding) => finding.places ?? []));
  expect(places).toEqual([expect.objectContaining({ file: expect.stringMatching(/0000_version_1\.sql$/) })]);
  expect(results.flatMap(({ findings = [] }) => findings.flatMap(({ about }) => about ?? []))).toEqual([
    { table: 'book', name: 'book_readers' },
  ]);
});
