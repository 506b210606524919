/** The whole collection on PostgreSQL 18 and 15, seen as owner and as superuser, in read-only mode. The score is printed. */
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { migrate } from '@todo/migrator';
import { removeLocalNeon, startLocalNeon } from '@todo/local-neon';
import { fetchPostgres, testBranch } from '@todo/local-neon/vitest';
import { describe, expect, it } from 'vitest';

import { app } from '../src/app.ts';
import type { Result } from '../src/result.ts';
import { execute } from './database.ts';
import { prove } from './prove.ts';
import { commitSabotage, setScene, undoSabotage } from './sabotage/commit-sabotage.ts';
import { HARMLESS } from './sabotage/harmless.ts';
import { type Sabotage, SABOTAGES } from './sabotage/sabotages.ts';
import { loud, READ_ONLY } from './sabotage/read-only-checks.ts';

describe.each([
  [18, async (): Promise<string | undefined> => undefined],
  [15, () => fetchPostgres('15.18.0-beta.17')],
] as const)('PostgreSQL %i', (version, programs) => {
  it('each sabotage is caught under its id, and nothing harmless raises a finding', async () => {
    // On a server of its own, as in a run: what all databases of a server share must differ as well.
    const { url: shadow } = await testBranch();
    await using server = await startServer(await programs(), shadow);
    const isPossible = ({ since = 15 }: Pick<Sabotage, 'since'>) => since <= version;
    const missed: string[] = [];
    const invented: string[] = [];
    const sabotages = SABOTAGES.filter(isPossible);
    const harmless = HARMLESS.filter(isPossible);

    await inTurns(sabotages, async (sabotage) => {
      for (const [role, results] of Object.entries(await server.tryOut(sabotage))) {
        const found = loud(results, 'info');
        if (!found.includes(sabotage.id))
          missed.push(`${sabotage.id} as ${role}: ${show(sabotage)} (found ${found.join(', ')})`);
      }
    });
    await inTurns(harmless, async (change) => {
      for (const [role, results] of Object.entries(await server.tryOut(change))) {
        const found = loud(results);
        if (found.length > 0) invented.push(`${found.join(', ')} as ${role}: ${show(change)}`);
      }
    });

    const all = sabotages.length * 2;
    process.stdout.write(
      `PostgreSQL ${version}: ${all - missed.length} of ${all} sabotages caught, ` +
        `${invented.length} of ${harmless.length * 2} harmless changes found fault with\n`,
    );
    expect({ missed, invented }).toEqual({ missed: [], invented: [] });
  });
});

const show = ({ sql }: Pick<Sabotage, 'sql'>): string => [sql].flat().join('; ');

/** Several at a time; then, one after the other, those that reach beyond their database. */
async function inTurns<T extends Pick<Sabotage, 'undo'>>(
  entries: readonly T[],
  work: (entry: T) => Promise<void>,
): Promise<void> {
  const waiting = entries.filter(({ undo }) => undo === undefined);
  const turn = async () => {
    for (let entry = waiting.pop(); entry !== undefined; entry = waiting.pop()) await work(entry);
  };
  await Promise.all([turn(), turn(), turn(), turn()]);
  for (const entry of entries.filter(({ undo }) => undo !== undefined)) await work(entry);
}

interface Server extends AsyncDisposable {
  /** What a read-only run finds, as either role. */
  readonly tryOut: (change: Omit<Sabotage, 'id'>) => Promise<{ owner: Result[]; superuser: Result[] }>;
}

async function startServer(binDir: string | undefined, shadow: string): Promise<Server> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sabotage-'));
  const neon = await startLocalNeon({ dataDir, ...(binDir !== undefined && { binDir }) });
  await migrate(neon.url, app.database.migrations);
  const password = await superuserPassword(dataDir);
  const postgres = asSuperuser(neon.url, password).replace(/[^/]*$/, 'postgres');
  let count = 0;
  return {
    async tryOut(change) {
      const branch = await neon.branches.create(`branch_${(count += 1)}`);
      const doors = { owner: branch.url, superuser: asSuperuser(branch.url, password) };
      await setScene(doors);
      try {
        await commitSabotage(doors, change);
        const options = { only: READ_ONLY, shadow };
        return { owner: await prove(doors.owner, options), superuser: await prove(doors.superuser, options) };
      } finally {
        if (change.undo !== undefined) await undoSabotage(doors, change);
        // Its sessions are a superuser's to end.
        await execute(postgres, `drop database ${branch.name} with (force)`);
      }
    },
    async [Symbol.asyncDispose]() {
      await neon.close();
      await removeLocalNeon(dataDir);
    },
  };
}

async function superuserPassword(dataDir: string): Promise<string> {
  const { superuserPassword: password } = JSON.parse(await readFile(join(dataDir, 'settings.json'), 'utf8')) as {
    superuserPassword: string;
  };
  return password;
}

function asSuperuser(url: string, password: string): string {
  const superuser = new URL(url);
  superuser.username = 'postgres';
  superuser.password = password;
  return superuser.href;
}
