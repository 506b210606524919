import { setTimeout as delay } from 'node:timers/promises';

import { testBranch } from '@todo/local-neon/vitest';
import { beforeAll, describe, expect, it } from 'vitest';

import { type Ended, ended, startCli } from './cli.ts';
import { execute } from './database.ts';

/** All checks that write, and no slow check that only reads. */
const WRITING = ['--only', 'behave', 'conc', 'pool'];

describe('a run that writes and is interrupted at any moment', () => {
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
  // The moments are spread over the whole run and differ each time; a failure prints its moment.
  const moments = Array.from({ length: 50 }, (_, index) => ({ at: (index + Math.random()) / 50 }));

  it.each(moments)('leaves nothing after Ctrl-C at $at of its time', async ({ at }) => {
    // The exit code is null if the signal arrives before the program listens, or after it has stopped listening.
    const code: unknown = expect.toBeOneOf([130, 0, null]);
    expect(await run('SIGINT', at * durationMs)).toMatchObject({ code });
    expect(await left()).toEqual([]);
  });

  it.each(moments.filter((_, index) => index % 5 === 0))(
    'is cleaned up by the next run when it is killed at $at',
    async ({ at }) => {
      await run('SIGKILL', at * durationMs);
      // The server notices a killed client after a delay. Until then the run counts as alive and keeps its rows.
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
    'has its clone dropped by the next run when it is killed at $at',
    async ({ at }) => {
      await run('SIGKILL', at * durationMs, '--branch');
      // The server notices a killed client after a delay. Until then its clone is in use and stays.
      await expect
        .poll(async () => {
          expect(await run('none', 0, '--branch')).toMatchObject({ code: 0 });
          return await clones();
        })
        .toEqual([]);
    },
  );
});
