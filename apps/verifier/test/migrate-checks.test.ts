import { emptyBranch, testBranch } from '@todo/local-neon/vitest';
import { describe, expect, it } from 'vitest';

import type { Result } from '../src/result.ts';
import { execute } from './database.ts';
import { prove } from './prove.ts';

describe('migrate/replay', () => {
  it('is content with migrations of which a second run does nothing', async () => {
    expect(await replayOn(await testBranch())).toMatchObject({
      status: 'pass',
      detail: expect.stringContaining('a second run changed none'),
    });
  });

  it('finds a second run that runs a migration once more, and what that changes', async () => {
    const result = await replayOn(await emptyBranch());
    expect(result?.findings).toMatchObject([
      { have: 'a second run: 0000_create_user_and_todo ran once more', fix: expect.stringContaining('`drizzle`') },
      ...Array.from({ length: 2 }, () => ({
        have: expect.stringMatching(/^a second run: table (todo|user): not wanted/),
      })),
    ]);
  });

  it('finds a second run that stops, because what ran is forgotten', async () => {
    const branch = await testBranch();
    await execute(branch.url, 'truncate drizzle.__drizzle_migrations, drizzle.todo_db_migrations');
    const result = await replayOn(branch);
    expect(result?.findings).toMatchObject([
      { have: expect.stringContaining('no record of the migrations that make them') },
    ]);
  });
});

/** On a database that is its own shadow: between the two runs nothing differs. */
async function replayOn({ url }: { url: string }): Promise<Result | undefined> {
  const [result] = await prove(url, { only: ['migrate/replay'] });
  return result;
}
