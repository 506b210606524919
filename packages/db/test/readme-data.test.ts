/** README.md, "Validators" and "Queries": the code prints the documented output. */
import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { promisedOutput, runSnippet, snippetOf } from './snippets.ts';

// Node may print several lines where the comment has one.
const inOneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

test.each(['Validators', 'Queries'])('the snippet of "%s" prints the output in its comments', async (section) => {
  const { url } = await testBranch();
  const snippet = await snippetOf('packages/db/README.md', section);
  const promised = promisedOutput(snippet);
  expect(promised).not.toBe('');
  expect(inOneLine(await runSnippet(snippet, url))).toBe(inOneLine(promised));
});
