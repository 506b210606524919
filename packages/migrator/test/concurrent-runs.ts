/** Runs eight processes that migrate one database at once. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import { emptyBranch } from '@todo/local-neon/vitest';
import { expect, onTestFinished } from 'vitest';

import { run } from './command.ts';
import { deployedPackage } from './deployed-package.ts';
import { deployHalf, empty, expectMigrated, LONG_NAMES, longMigrations } from './long-migrations.ts';

/** Migrates a database in a process of its own. Returns the names of the applied migrations. */
type Runner = (url: string) => Promise<string[]>;

const RUNNERS = 8;

/** Races commands that are started again for each round. */
export async function raceCommands(rounds: number): Promise<number> {
  const deployed = await deployedPackage(await longMigrations());
  const runner: Runner = async (url) => {
    const outcome = await run(['migrate', '--json'], { ...deployed, url });
    expect(outcome).toMatchObject({ exitCode: 0 });
    return JSON.parse(outcome.stdout).applied;
  };
  return race(
    rounds,
    Array.from({ length: RUNNERS }, () => runner),
  );
}

/** Races processes that stay for all rounds, because starting Node.js 1600 times would take most of the time. */
export async function raceProcesses(rounds: number): Promise<number> {
  const directory = await longMigrations();
  const program = fileURLToPath(new URL('migrate-when-told.mjs', import.meta.url));
  const children = Array.from({ length: RUNNERS }, () => fork(program, [directory]));
  onTestFinished(() => children.forEach((child) => child.kill('SIGKILL')));
  const won = await race(
    rounds,
    children.map((child) => (url) => tell(child, url)),
  );
  const exits = children.map((child) => once(child, 'exit'));
  for (const child of children) child.disconnect();
  expect(await Promise.all(exits)).toEqual(children.map(() => [0, null]));
  return won;
}

async function tell(child: ChildProcess, url: string): Promise<string[]> {
  const listening = new AbortController();
  const { signal } = listening;
  const answer = once(child, 'message', { signal });
  const death = once(child, 'exit', { signal }).then(([exitCode]) => [{ error: `It ended with ${exitCode}` }]);
  child.send(url);
  const [{ applied, error }] = await Promise.race([answer, death]);
  listening.abort();
  expect(error).toBeUndefined();
  return applied;
}

const STATES = [
  { name: 'an empty database', prepare: empty, notes: 0, pending: LONG_NAMES },
  { name: 'a half-migrated database', prepare: deployHalf, notes: 400, pending: LONG_NAMES.slice(5) },
];

/**
 * Alternates between an empty and a half-migrated database.
 * @returns the number of rounds. Throws if a file was not applied exactly once, or if a runner failed.
 */
async function race(rounds: number, runners: readonly Runner[]): Promise<number> {
  const { url } = await emptyBranch();
  for (let round = 1; round <= rounds; round += 1) {
    const { name, prepare, notes, pending } = STATES[round % STATES.length]!;
    const what = `round ${round}, ${name}`;
    await prepare(url);
    const applied = await Promise.all(runners.map((migrate) => migrate(url)));
    expect({ what, applied: applied.flat().toSorted() }).toEqual({ what, applied: pending });
    await expectMigrated(url, notes, what);
  }
  return rounds;
}
