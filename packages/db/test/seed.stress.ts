/** `seed` generates a million todos with little memory. */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { connectSession } from '@todo/client';
import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

test('seed generates 1,000,000 todos in a process with a 64 MiB heap', async () => {
  const { url } = await testBranch();
  const args = ['--max-old-space-size=64', program, 'seed', '--rows', 'user=10000,todo=1000000'];
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, DATABASE_URL: url } });
  const exitCode = new Promise((resolve) => child.once('close', resolve));
  expect(await text(child.stdout)).toBe('Sample data: 10000 rows of user, 1000000 rows of todo.\n');
  expect(await exitCode).toBe(0);
  await using session = await connectSession(url);
  const { rows } = await session.query('select count(*)::int, count(distinct user_id)::int as owners from todo');
  expect(rows).toEqual([{ count: 1_000_000, owners: 10_000 }]);
});
