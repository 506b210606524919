/** The good example of each lint rule runs on PostgreSQL. */
import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { migrate } from '../src/index.ts';
import { RULES } from '../src/lint/rules/index.ts';
import { migrationsFolder } from './migrations-folder.ts';
import { query } from './query.ts';

test.each(RULES.map(({ name, good }) => [name, good] as const))(
  'the good example of the rule %s runs',
  async (_, sql) => {
    const { url } = await testBranch();
    await query(url, 'drop schema drizzle cascade', 'alter schema public rename to kept', 'create schema public');
    await query(url, `alter table kept.task set schema public`, `alter table kept."group" set schema public`);
    const directory = await migrationsFolder({ name: '0000_good', sql });
    expect((await migrate(url, directory)).applied).toEqual(['0000_good']);
  },
);
