/** README.md, "Clients" and "Errors": the code prints the documented output, and the tables list every option and error kind. */
import { readFile } from 'node:fs/promises';

import { testBranch } from '@todo/local-neon/vitest';
import { expect, expectTypeOf, test } from 'vitest';

import type { DatabaseErrorKind, HttpOptions, WebSocketOptions } from '../src/index.ts';
import { promisedOutput, runSnippet, snippetOf } from './snippets.ts';

// Node may print several lines where the comment has one.
const inOneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

test.each(['Clients', 'Errors'])('the snippet of "%s" prints the output in its comments', async (section) => {
  const { url } = await testBranch();
  const snippet = await snippetOf('packages/db/README.md', section);
  const promised = promisedOutput(snippet);
  expect(promised).not.toBe('');
  expect(inOneLine(await runSnippet(snippet, url))).toBe(inOneLine(promised));
});

/** Every option and error kind. A new one is a compile error until it is added here. */
const options: Record<keyof HttpOptions | keyof WebSocketOptions, true> = {
  logger: true,
  logSlowerThanMs: true,
  comment: true,
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

test('every option, every error kind and every default of the pool is in a table', async () => {
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
