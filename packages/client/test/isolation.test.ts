/** Tests use databases of their own, whatever the settings of the machine. */
import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { loadEnvironment } from '../src/environment.ts';
import { isLoopback } from '../src/index.ts';

test('a test that reads DATABASE_URL gets an unreachable URL, not the developer’s', () => {
  const { databaseUrl, databaseUrlUnpooled } = loadEnvironment();
  for (const url of [databaseUrl, databaseUrlUnpooled]) expect(new URL(url!).hostname).toMatch(/\.invalid$/);
});

test('two test branches are two databases on this machine', async () => {
  const [one, two] = await Promise.all([testBranch(), testBranch()]);
  expect(isLoopback(one.url)).toBe(true);
  expect(new URL(one.url).pathname).not.toBe(new URL(two.url).pathname);
});
