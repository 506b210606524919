/** README.md, "Clients" and "Errors": the code there prints what is said there, and the tables name what there is. */
import { readFile } from 'node:fs/promises';

import { testBranch } from '@todo/local-neon/vitest';
import { expect, expectTypeOf, test } from 'vitest';

import type { DatabaseErrorKind, HttpOptions, WebSocketOptions } from '../src/index.ts';
import { promisedOutput, runSnippet, snippetOf } from './snippets.ts';

// A comment has one line for what Node breaks into several.
const inOneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

test.each(['Clients', 'Errors'])('the snippet of "%s" prints what its comments say', async (section) => {
  const { url } = await testBranch();
  const snippet = await snippetOf('packages/db/README.md', section);
  const promised = promisedOutput(snippet);
  expect(promised).not.toBe('');
  expect(inOneLine(await runSnippet(snippet, url))).toBe(inOneLine(promised));
});

/** Each option and each kind, as the compiler knows them: a new one does not compile here until it is named. */
const options: Record<keyof HttpOptions | keyof WebSocketOptions, true> = {
  logger: true,
  connectionsKept: true,
  connectionsMax: true,
  connectTimeoutMs: true,
  connectionLifetimeMs: true,
  checkIdleAfterMs: true,
  timeoutMs: true,
  replicas: true,
  fetchEndpoint: true,
  wsProxy: true,
};
const kinds: Record<DatabaseErrorKind, true> = {
  'email-taken': true,
  'unique-violation': true,
  'reference-missing': true,
  'owner-missing': true,
  'not-found': true,
  'serialization-failure': true,
  connection: true,
  timeout: true,
  'unknown-outcome': true,
  refused: true,
};

test('every option and every kind of error has its row, and every default of the pool', async () => {
  expectTypeOf(options).toBeObject();
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8');
  const rows = readme.split('\n').filter((line) => line.startsWith('|'));
  for (const name of Object.keys(options))
    expect(rows.some((row) => new RegExp(`\`${name}[\`:]`).test(row))).toBe(true);
  const pool = await readFile(new URL('../../client/src/pool/connection-pool.ts', import.meta.url), 'utf8');
  for (const [, name = '', value = ''] of pool.matchAll(/^ {4}(\w+) = ([\d_]+),$/gm)) {
    expect(rows.find((row) => row.includes(`\`${name}`))).toContain(
      Number(value.replaceAll('_', '')).toLocaleString('en-US'),
    );
  }
  for (const kind of Object.keys(kinds)) expect(rows.some((row) => row.startsWith(`| \`${kind}\``))).toBe(true);
});
