/** Kills a run of migrations at a random moment, and runs it once more. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

import { emptyBranch } from '@todo/local-neon/vitest';
import { expect } from 'vitest';

import { run, start } from './command.ts';
import { deployedPackage } from './deployed-package.ts';
import { deployFirst, expectMigrated, longMigrations } from './long-migrations.ts';

/** @returns how many kills the next run completed: it throws at the first that was not. */
export async function crash(times: number): Promise<number> {
  const { url } = await emptyBranch();
  const deployed = await deployedPackage(await longMigrations());
  const command = { ...deployed, url };
  const durationMs = await timeOneRun(url, command);
  for (let round = 1; round <= times; round += 1) {
    await deployFirst(url);
    // The rounds share out the duration, so that few of them reach all of it.
    const killAfterMs = (durationMs * (round - 1 + Math.random())) / times;
    const { child, outcome } = start(['migrate'], command);
    await once(child.stderr!, 'data');
    await delay(killAfterMs);
    child.kill('SIGKILL');
    await outcome;
    const what = `killed ${killAfterMs} ms after its first line`;
    expect({ what, ...(await run(['migrate'], command)) }).toMatchObject({ what, exitCode: 0 });
    await expectMigrated(url, 400, what);
  }
  return times;
}

/** From its first line to its end. */
async function timeOneRun(url: string, command: { program: string; cwd: string; url: string }): Promise<number> {
  await deployFirst(url);
  const { child, outcome } = start(['migrate'], command);
  await once(child.stderr!, 'data');
  const started = performance.now();
  expect(await outcome).toMatchObject({ exitCode: 0 });
  await expectMigrated(url, 400, 'not killed');
  return performance.now() - started;
}
