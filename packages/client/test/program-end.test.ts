/** When a program with a pool ends: each runs as a process of its own, from the compiled package. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

const { url } = await testBranch();
const run = promisify(execFile);

/** Rejects when the program is still there after 10 s. */
async function program(code: string): Promise<string> {
  const source = `
    import { connectWebSocket } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)};
    import { sql } from ${JSON.stringify(import.meta.resolve('drizzle-orm'))};
    const db = connectWebSocket({ schema: {} }, process.env.DATABASE_URL);
    ${code}`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', source], {
    env: { PATH: process.env.PATH, DATABASE_URL: url },
    timeout: 10_000,
  });
  return stdout;
}

test('a program that does not close its pool ends when nothing is under way', async () => {
  const stdout = await program(`
    await db.execute(sql\`select 1\`);
    // Used again after it idled, it keeps the program as the first time.
    await db.execute(sql\`select pg_sleep(0.2)\`);
    await db.transaction((tx) => tx.execute(sql\`select pg_sleep(0.2)\`));
    console.log('done');`);
  expect(stdout).toBe('done\n');
});

test('a program whose pool has more connections than it keeps ends, too', async () => {
  const stdout = await program(`
    await Promise.all(Array.from({ length: 8 }, () => db.execute(sql\`select pg_sleep(0.2)\`)));
    console.log('done');`);
  expect(stdout).toBe('done\n');
});

test('a program that awaits close() goes on behind it', async () => {
  const stdout = await program(`
    await Promise.all([db.execute(sql\`select 1\`), db.execute(sql\`select 1\`)]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await db.close();
    console.log('closed');`);
  expect(stdout).toBe('closed\n');
});
