/** docs/observability.md: its code prints the documented output, and its table has every channel. */
import { readFile } from 'node:fs/promises';

import { publishEvents } from '@todo/client/diagnostics';
import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { promisedOutput, runSnippet, snippetOf } from './snippets.ts';

const PAGE = 'docs/observability.md';

test.each(['Log and pool', 'Events', 'OpenTelemetry'])(
  'the snippet of "%s" prints the output in its comments',
  async (section) => {
    const { url } = await testBranch();
    const snippet = await snippetOf(PAGE, section);
    const promised = promisedOutput(snippet);
    expect(promised).not.toBe('');
    expect(await runSnippet(snippet, url)).toBe(promised);
  },
);

test('the page names every channel', async () => {
  const page = await readFile(new URL(`../../../${PAGE}`, import.meta.url), 'utf8');
  const kinds = Object.keys(publishEvents()!.operations);
  const rows = [...page.matchAll(/^\| `neon-client:([a-z-]+)`/gm)].map(([, kind]) => kind);
  expect(rows).toEqual(kinds);
  expect(page).toContain('`neon-client:retry`');
});
