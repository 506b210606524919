/** Checks that the journal, the snapshots and the files of a migrations folder name the same migrations in one order. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { requireMerged } from './merge-conflict.ts';
import { readJson } from './read-json.ts';

const Journal = z.object({ entries: z.array(z.object({ idx: z.int(), tag: z.string(), when: z.int() })) });
const Snapshot = z.object({ id: z.string(), prevId: z.string() });

/** The id that drizzle-kit uses for the snapshot before the first. */
const ORIGIN = '00000000-0000-0000-0000-000000000000';

/**
 * Returns the faults, one line each, such as those after a merge of two branches that each generated a migration.
 * @throws {MigrationError} if a file contains conflict markers.
 */
export async function findJournalFaults(directory: string): Promise<string[]> {
  const { entries } = Journal.parse(await readJson(join(directory, 'meta', '_journal.json')));
  const files = new Set(await readdir(directory));
  const snapshots = new Set((await readdir(join(directory, 'meta'))).filter((file) => file.endsWith('_snapshot.json')));
  const faults: string[] = [];
  let [previousId, previousWhen] = [ORIGIN, 0];
  for (const [index, { idx, tag, when }] of entries.entries()) {
    if (idx !== index) faults.push(`${tag} has the number ${idx} in the journal, but is entry ${index}`);
    if (!files.delete(`${tag}.sql`)) faults.push(`${tag}.sql does not exist`);
    else requireMerged(`${tag}.sql`, await readFile(join(directory, `${tag}.sql`), 'utf8'));
    if (when <= previousWhen)
      faults.push(`${tag} is not newer than the migration before it: Drizzle would skip ${tag}`);
    if (when > Date.now()) faults.push(`${tag} is dated in the future: Drizzle would skip later migrations`);
    previousWhen = Math.max(previousWhen, when);

    const snapshot = `${String(idx).padStart(4, '0')}_snapshot.json`;
    if (!snapshots.delete(snapshot)) {
      faults.push(`${tag} has no snapshot meta/${snapshot}`);
      continue;
    }
    const { id, prevId } = Snapshot.parse(await readJson(join(directory, 'meta', snapshot)));
    if (prevId !== previousId) faults.push(`${tag} does not follow the migration before it (meta/${snapshot})`);
    previousId = id;
  }
  for (const file of files) if (file.endsWith('.sql')) faults.push(`${file} is not in the journal, so it never runs`);
  for (const snapshot of snapshots) faults.push(`meta/${snapshot} belongs to no migration`);
  return faults;
}
