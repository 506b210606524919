/** Ends a run of migrations at a random moment, by a kill or by Ctrl-C, and runs it again. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { emptyBranch } from '@todo/local-neon/vitest';
import { expect } from 'vitest';

import { run, start } from './command.ts';
import { deployedPackage } from './deployed-package.ts';
import { deployFirst, expectMigrated, longMigrations } from './long-migrations.ts';

/** @returns the number of interruptions that the next run completed. Throws at the first failure. */
export async function crash(times: number): Promise<number> {
  const { url } = await emptyBranch();
  const deployed = await deployedPackage(await longMigrations());
  const command = { ...deployed, url };
  const durationMs = await timeOneRun(url, command);
  for (let round = 1; round <= times; round += 1) {
    await deployFirst(url);
    // The rounds divide the duration evenly, so that only a few of them take all of it.
    const killAfterMs = (durationMs * (round - 1 + Math.random())) / times;
    const { child, outcome } = start(['migrate'], command);
    await once(child.stderr!, 'data');
    await delay(killAfterMs);
    const signal = round % 2 === 0 ? 'SIGINT' : 'SIGKILL';
    child.kill(signal);
    const { exitCode } = await outcome;
    const what = `${signal} ${killAfterMs} ms after its first line`;
    // The run may have ended just before, and it does not listen for Ctrl-C in its last milliseconds.
    expect({ what, exitCode }).toEqual({ what, exitCode: expect.toBeOneOf([130, 0, null]) });
    expect({ what, ...(await run(['migrate'], command)) }).toMatchObject({ what, exitCode: 0 });
    await expectMigrated(url, 400, what);
  }
  return times;
}

/** Measures one run from its first line to its end. */
async function timeOneRun(url: string, command: { program: string; cwd: string; url: string }): Promise<number> {
  await deployFirst(url);
  const { child, outcome } = start(['migrate'], command);
  await once(child.stderr!, 'data');
  const started = performance.now();
  expect(await outcome).toMatchObject({ exitCode: 0 });
  await expectMigrated(url, 400, 'not killed');
  return performance.now() - started;
}
