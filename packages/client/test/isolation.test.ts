/** Tests work on databases of their own, whatever the machine that runs them is set up for. */
import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { loadEnvironment } from '../src/environment.ts';
import { isLoopback } from '../src/index.ts';

test('a DATABASE_URL of the developer’s is out of reach: a test that reads it gets one that leads nowhere', () => {
  const { databaseUrl, databaseUrlUnpooled } = loadEnvironment();
  for (const url of [databaseUrl, databaseUrlUnpooled]) expect(new URL(url!).hostname).toMatch(/\.invalid$/);
});

test('two branches are two databases on this machine', async () => {
  const [one, two] = await Promise.all([testBranch(), testBranch()]);
  expect(isLoopback(one.url)).toBe(true);
  expect(new URL(one.url).pathname).not.toBe(new URL(two.url).pathname);
});
