/** `generate`: writes the next migration with drizzle-kit, and checks that the migrations then match the schema. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { generateMigration } from 'drizzle-kit/api';
import { z } from 'zod';

import type { DatabaseDefinition } from '../database-definition.ts';
import { readJson } from '../migrate/read-json.ts';
import { runDrizzleKit } from './drizzle-kit.ts';
import { CommandFailure, EXIT } from './failure.ts';
import { print } from './output.ts';
import { JOURNAL, snapshotPath } from './rebase/folder-files.ts';
import { failOnQuestion } from './rename-question.ts';
import { requireConsistentFolder } from './schema/folder-faults.ts';
import { requireWritableSchema } from './schema/schema-faults.ts';
import { kitSnapshotOf, type Snapshot, snapshotOf } from './schema/snapshot.ts';

export interface GenerateOptions {
  /** Only report whether a migration is missing. */
  readonly check?: boolean;
}

/** Passes `flags` on to drizzle-kit. Writes nothing if the migrations match the schema, unless an empty migration is requested. */
export async function runGenerate(
  database: DatabaseDefinition,
  flags: readonly string[],
  { check = false }: GenerateOptions,
): Promise<void> {
  await requireConsistentFolder(
    database.migrations,
    'After a merge, `pnpm db:rebase` corrects these faults. Otherwise restore the folder from a commit, then generate again.',
  );
  const isCustom = flags.includes('--custom');
  if (!isCustom) await requireWritableSchema(database);
  if (!isCustom && (await migrationsMatchSchema(database))) {
    return print('Nothing to generate: the migrations match the schema.');
  }
  if (check) {
    throw new CommandFailure(EXIT.failed, 'The schema has changes without a migration. Run `pnpm db:generate`.');
  }
  if (!isCustom && !process.stdin.isTTY) await failIfRenameQuestion(database);
  const exitCode = await runDrizzleKit(database.folder, ['generate', ...flags]);
  if (exitCode !== 0)
    throw new CommandFailure(EXIT.failed, 'drizzle-kit wrote no migration; its message is printed above.');
  // Without an answer to its question, drizzle-kit may write nothing and report success.
  if (!isCustom && !(await migrationsMatchSchema(database))) {
    throw new CommandFailure(EXIT.failed, 'The migrations still do not match the schema; the reason is printed above.');
  }
}

/** Whether the last snapshot, which drizzle-kit wrote with the last migration, equals the schema. */
export async function migrationsMatchSchema(database: DatabaseDefinition): Promise<boolean> {
  return isSameSchema(await lastSnapshot(database.migrations), snapshotOf(database));
}

/** Fails if drizzle-kit would ask whether an object was renamed: without a terminal, nobody can answer. */
async function failIfRenameQuestion(database: DatabaseDefinition): Promise<void> {
  const last = await lastSnapshot(database.migrations);
  if (last !== undefined) await failOnQuestion(generateMigration(last, kitSnapshotOf(database)));
}

const Journal = z.object({ entries: z.array(z.object({ idx: z.int() })) });

/** The snapshot of the last migration in the journal; undefined if there is no migration. */
async function lastSnapshot(migrations: string): Promise<Snapshot | undefined> {
  const journal = join(migrations, JOURNAL);
  const last = existsSync(journal) ? Journal.parse(await readJson(journal)).entries.at(-1) : undefined;
  if (last === undefined) return undefined;
  return z.record(z.string(), z.unknown()).parse(await readJson(join(migrations, snapshotPath(last.idx))));
}

export function isSameSchema(one: Snapshot | undefined, other: Snapshot | undefined): boolean {
  return isDeepStrictEqual(removeIds(one), removeIds(other));
}

/** The snapshot without its ids, which are random. */
function removeIds(snapshot: Snapshot = {}): Snapshot {
  return { ...snapshot, id: undefined, prevId: undefined };
}
