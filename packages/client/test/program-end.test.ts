/** When a program with a pool ends. Each program is a separate process that uses the compiled package. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

const { url } = await testBranch();
const run = promisify(execFile);

/** Rejects when the program still runs after 10 s. */
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

test('a program that does not close its pool ends when no query is running', async () => {
  const stdout = await program(`
    await db.execute(sql\`select 1\`);
    // A connection that is used again after it was idle keeps the program alive.
    await db.execute(sql\`select pg_sleep(0.2)\`);
    await db.transaction((tx) => tx.execute(sql\`select pg_sleep(0.2)\`));
    console.log('done');`);
  expect(stdout).toBe('done\n');
});

test('a program ends when its pool has more connections than it keeps', async () => {
  const stdout = await program(`
    await Promise.all(Array.from({ length: 8 }, () => db.execute(sql\`select pg_sleep(0.2)\`)));
    console.log('done');`);
  expect(stdout).toBe('done\n');
});

test('a program continues after `await close()`', async () => {
  const stdout = await program(`
    await Promise.all([db.execute(sql\`select 1\`), db.execute(sql\`select 1\`)]);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await db.close();
    console.log('closed');`);
  expect(stdout).toBe('closed\n');
});
