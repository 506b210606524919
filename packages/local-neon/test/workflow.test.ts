import { readFile } from 'node:fs/promises';

import { expect, test } from 'vitest';

const workflow = await readFile(new URL('../../../.github/workflows/ci.yml', import.meta.url), 'utf8');

test('CI runs each action at a commit, because a tag can be moved to other code', () => {
  const uses = workflow.match(/uses: .*/g) ?? [];
  expect(uses).not.toEqual([]);
  for (const action of uses) expect(action).toMatch(/^uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});
