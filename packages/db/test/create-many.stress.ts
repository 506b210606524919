/** `createMany` stores a million todos with little memory. */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { testBranch } from '@todo/local-neon/vitest';
import { expect, test } from 'vitest';

import { temporaryFolder } from './command.ts';
import { query } from './query.ts';

const door = (name: string) => JSON.stringify(new URL(`../dist/${name}`, import.meta.url).href);

test('createMany stores 1,000,000 todos with descriptions in a process with a 48 MiB heap', async () => {
  const { url } = await testBranch();
  const program = `
    import { connectWebSocket } from ${door('index.js')};
    import { todosOf, users } from ${door('queries/index.js')};
    const db = connectWebSocket(process.env.DATABASE_URL);
    const { id } = await users(db).create({ email: 'a@example.com', hashedPassword: 'h' });
    const source = async function* () {
      for (let n = 0; n < 1_000_000; n++) yield { title: 'Todo ' + n, description: 'What is to be done for ' + n };
    };
    console.log(await todosOf(db, id).createMany(source()));
    await db.close();`;
  const file = join(await temporaryFolder(), 'program.mjs');
  await writeFile(file, program);
  const child = spawn(process.execPath, ['--max-old-space-size=48', file], {
    env: { PATH: process.env.PATH, DATABASE_URL: url },
  });
  const exitCode = new Promise((resolve) => child.once('close', resolve));
  expect(await text(child.stdout)).toBe('1000000\n');
  expect(await exitCode).toBe(0);
  expect(await query(url, 'select count(*)::int, count(distinct title)::int as titles from todo')).toEqual([
    { count: 1_000_000, titles: 1_000_000 },
  ]);
});
