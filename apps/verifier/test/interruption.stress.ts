import { setTimeout as delay } from 'node:timers/promises';

import { testBranch } from '@todo/local-neon/vitest';
import { beforeAll, describe, expect, it } from 'vitest';

import { type Ended, ended, startCli } from './cli.ts';
import { execute } from './database.ts';

/** Every check that writes, and nothing that takes long without writing. */
const WRITING = ['--only', 'behave', 'conc', 'pool'];

describe('a run that writes, interrupted at any moment', () => {
  let url: string;
  let durationMs: number;

  beforeAll(async () => {
    ({ url } = await testBranch());
    const startedAt = performance.now();
    await run('none', 0);
    durationMs = performance.now() - startedAt;
  });

  async function run(signal: NodeJS.Signals | 'none', afterMs: number, flag = '--write'): Promise<Ended> {
    const child = startCli(['--url', url, flag, ...WRITING]);
    const end = ended(child);
    if (signal !== 'none') {
      await delay(afterMs);
      child.kill(signal);
    }
    return await end;
  }

  const clones = () => execute(url, `select datname from pg_database where starts_with(datname, 'verify_branch_')`);
  const left = () => execute(url, 'select email from "user" union all select title from todo');
  // Spread over the whole run, and different each time: a red one says its moment.
  const moments = Array.from({ length: 50 }, (_, index) => ({ at: (index + Math.random()) / 50 }));

  it.each(moments)('leaves nothing after Ctrl-C at $at of its time', async ({ at }) => {
    // Null: it came before the program listened, or when it had no need to any more.
    const code: unknown = expect.toBeOneOf([130, 0, null]);
    expect(await run('SIGINT', at * durationMs)).toMatchObject({ code });
    expect(await left()).toEqual([]);
  });

  it.each(moments.filter((_, index) => index % 5 === 0))(
    'is swept by the next run when killed at $at',
    async ({ at }) => {
      await run('SIGKILL', at * durationMs);
      // The server notices with a delay that a killed client is gone, and a run that lives keeps its rows.
      await expect
        .poll(async () => {
          expect(await run('none', 0)).toMatchObject({ code: 0 });
          return await left();
        })
        .toEqual([]);
    },
  );

  it.each(moments.filter((_, index) => index % 5 === 2))('leaves no clone after Ctrl-C at $at', async ({ at }) => {
    await run('SIGINT', at * durationMs, '--branch');
    expect(await clones()).toEqual([]);
  });

  it.each(moments.filter((_, index) => index % 5 === 4))(
    'has its clone dropped by the next run when killed at $at',
    async ({ at }) => {
      await run('SIGKILL', at * durationMs, '--branch');
      // The server notices with a delay that a killed client is gone, and a clone that is in use stays.
      await expect
        .poll(async () => {
          expect(await run('none', 0, '--branch')).toMatchObject({ code: 0 });
          return await clones();
        })
        .toEqual([]);
    },
  );
});
