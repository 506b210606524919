/**
 * Runs all sabotages on PostgreSQL 18 and 15, as owner and as superuser, against `verify` in read-only mode and `db:status`. Prints the
 * scores.
 */
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { migrate } from '@todo/migrator';
import { type LocalNeon, removeLocalNeon, startLocalNeon } from '@todo/local-neon';
import { fetchPostgres } from '@todo/local-neon/vitest';
import { describe, expect, it } from 'vitest';

import type { Result } from '../src/result.ts';
import { execute } from './database.ts';
import { proveTwoTables } from './prove.ts';
import { commitSabotage, setScene, undoSabotage } from './sabotage/commit-sabotage.ts';
import { HARMLESS } from './sabotage/harmless.ts';
import { type Sabotage, SABOTAGES } from './sabotage/sabotages.ts';
import { loud, READ_ONLY } from './sabotage/read-only-checks.ts';
import { isWellByStatus, isWellByVerify } from './sabotage/status-verdict.ts';
import { twoTables, twoTablesBranch } from './two-tables/two-tables.ts';

describe.each([
  [18, async (): Promise<string | undefined> => undefined],
  [15, () => fetchPostgres('15.18.0-beta.17')],
] as const)('PostgreSQL %i', (version, programs) => {
  it('each sabotage is caught under its id, harmless changes raise no finding, and db:status agrees', async () => {
    // The shadow is on another server, as in a run: properties that all databases of a server share must be able to differ, too.
    const { url: shadow } = await twoTablesBranch();
    await using shadows = await startLocalNeon();
    await using server = await startServer(await programs(), shadow, shadows);
    const isPossible = ({ since = 15 }: Pick<Sabotage, 'since'>) => since <= version;
    const missed: string[] = [];
    const invented: string[] = [];
    const disagreed: string[] = [];
    let compared = 0;
    const compare = (
      change: Pick<Sabotage, 'sql'> & { readonly id?: string },
      role: string,
      { results, isWell }: Verdict,
    ) => {
      // The settings of this database end a session within milliseconds, so db:status reports that it could not connect.
      if (change.id === 'connect/session-settings') return;
      compared += 1;
      if (isWell === isWellByVerify(results)) return;
      const found = loud(results, 'info').join(', ');
      disagreed.push(`as ${role}: ${show(change)} (status: ${isWell ? 'well' : 'not well'}, verify: ${found})`);
    };
    const sabotages = SABOTAGES.filter(isPossible);
    const harmless = HARMLESS.filter(isPossible);

    await inTurns(sabotages, async (sabotage) => {
      for (const [role, verdict] of Object.entries(await server.tryOut(sabotage))) {
        const found = loud(verdict.results, 'info');
        compare(sabotage, role, verdict);
        if (!found.includes(sabotage.id))
          missed.push(`${sabotage.id} as ${role}: ${show(sabotage)} (found ${found.join(', ')})`);
      }
    });
    await inTurns(harmless, async (change) => {
      for (const [role, verdict] of Object.entries(await server.tryOut(change))) {
        const found = loud(verdict.results);
        compare(change, role, verdict);
        if (found.length > 0) invented.push(`${found.join(', ')} as ${role}: ${show(change)}`);
      }
    });

    const all = sabotages.length * 2;
    process.stdout.write(
      `PostgreSQL ${version}: ${all - missed.length} of ${all} sabotages caught, ` +
        `${invented.length} of ${harmless.length * 2} harmless changes found fault with; ` +
        `db:status and verify agree on ${compared - disagreed.length} of ${compared}\n`,
    );
    expect({ missed, invented, disagreed }).toEqual({ missed: [], invented: [], disagreed: [] });
  });
});

const show = ({ sql }: Pick<Sabotage, 'sql'>): string => [sql].flat().join('; ');

/** Runs several at a time; then, one after the other, those that change more than their own database. */
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
  /** The verdicts for each role. */
  readonly tryOut: (change: Omit<Sabotage, 'id'>) => Promise<{ owner: Verdict; superuser: Verdict }>;
}

interface Verdict {
  /** The results of a read-only run of `verify`. */
  readonly results: Result[];
  /** The verdict of `db:status`. */
  readonly isWell: boolean;
}

/** @param shadows the server on which `db:status` runs the migrations for comparison. */
async function startServer(binDir: string | undefined, shadow: string, shadows: LocalNeon): Promise<Server> {
  const dataDir = await mkdtemp(join(tmpdir(), 'sabotage-'));
  const neon = await startLocalNeon({ dataDir, ...(binDir !== undefined && { binDir }) });
  await migrate(neon.url, twoTables.database.migrations);
  const password = await superuserPassword(dataDir);
  const postgres = asSuperuser(neon.url, password).replace(/[^/]*$/, 'postgres');
  const ask = async (url: string): Promise<Verdict> => ({
    results: await proveTwoTables(url, { only: READ_ONLY, shadow }),
    isWell: await isWellByStatus(url, shadows),
  });
  let count = 0;
  return {
    async tryOut(change) {
      const branch = await neon.branches.create(`branch_${(count += 1)}`);
      const doors = { owner: branch.url, superuser: asSuperuser(branch.url, password) };
      await setScene(doors);
      try {
        await commitSabotage(doors, change);
        return { owner: await ask(doors.owner), superuser: await ask(doors.superuser) };
      } finally {
        if (change.undo !== undefined) await undoSabotage(doors, change);
        // Only a superuser can end the remaining sessions.
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
