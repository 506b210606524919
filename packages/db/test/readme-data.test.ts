/** README.md, "Validators" and "Queries": the code there prints what is said there. */
import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { promisedOutput, runSnippet, snippetOf } from './snippets.ts';

// A comment has one line for what Node breaks into several.
const inOneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

test.each(['Validators', 'Queries'])('the snippet of "%s" prints what its comments say', async (section) => {
  const { url } = await testBranch();
  const snippet = await snippetOf('packages/db/README.md', section);
  const promised = promisedOutput(snippet);
  expect(promised).not.toBe('');
  expect(inOneLine(await runSnippet(snippet, url))).toBe(inOneLine(promised));
});
