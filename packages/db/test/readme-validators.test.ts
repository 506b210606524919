/** README.md, "Validators": the code there prints what is said there. */
import { expect, test } from 'vitest';

import { promisedOutput, runSnippet, snippetOf } from './snippets.ts';

test('the snippet prints what its comments say', async () => {
  const snippet = await snippetOf('packages/db/README.md', 'Validators');
  const promised = promisedOutput(snippet);
  expect(promised).not.toBe('');
  const printed = await runSnippet(snippet);
  // The comment has one line for what Node breaks into several.
  expect(printed.replaceAll(/\s+/g, ' ').trim()).toBe(promised.replaceAll(/\s+/g, ' ').trim());
});
