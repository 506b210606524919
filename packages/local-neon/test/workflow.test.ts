import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

const workflow = await readFile(new URL('../../../.github/workflows/ci.yml', import.meta.url), 'utf8');

test('CI runs each action at a commit, because a tag can be moved to other code', () => {
  const uses = workflow.match(/uses: .*/g) ?? [];
  expect(uses).not.toEqual([]);
  for (const action of uses) expect(action).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('CI runs the tests with files of other users as root, who alone can change the user', () => {
  for (const file of ['data-directory-owner', 'folders', 'program-cache', 'root-folders']) {
    expect(workflow).toMatch(new RegExp(`sudo .*vitest run.* test/${file}\\.test\\.ts`));
  }
});
