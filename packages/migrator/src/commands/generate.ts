/** `generate`: writes the next migration with drizzle-kit, and checks that the folder then leads to the schema. */
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
import { requireWhole } from './schema/folder-faults.ts';
import { requireWritable } from './schema/schema-faults.ts';
import { pictureOf, type Snapshot, snapshotOf } from './schema/snapshot.ts';

export interface GenerateOptions {
  /** Only report whether a migration is missing. */
  readonly check?: boolean;
}

/**
 * Passes `flags` on to drizzle-kit. Writes nothing if the migrations lead to the schema already, unless an empty migration is requested.
 */
export async function runGenerate(
  database: DatabaseDefinition,
  flags: readonly string[],
  { check = false }: GenerateOptions,
): Promise<void> {
  await requireWhole(
    database.migrations,
    'After a merge, `pnpm db:rebase` corrects that. Otherwise restore the folder from a commit, then generate again.',
  );
  const isCustom = flags.includes('--custom');
  if (!isCustom) await requireWritable(database);
  if (!isCustom && (await isInStep(database))) {
    return print('Nothing to generate: the migrations lead to the schema.');
  }
  if (check) {
    throw new CommandFailure(EXIT.failed, 'The schema has changes without a migration. Run `pnpm db:generate`.');
  }
  if (!isCustom && !process.stdin.isTTY) await refuseQuestions(database);
  const exitCode = await runDrizzleKit(database.folder, ['generate', ...flags]);
  if (exitCode !== 0)
    throw new CommandFailure(EXIT.failed, 'drizzle-kit wrote no migration; its message is printed above.');
  // Without an answer to its question, drizzle-kit may write nothing and report success.
  if (!isCustom && !(await isInStep(database))) {
    throw new CommandFailure(
      EXIT.failed,
      'The migrations still do not lead to the schema; the reason is printed above.',
    );
  }
}

/** Whether the last snapshot equals the schema. */
export async function isInStep(database: DatabaseDefinition): Promise<boolean> {
  return isSameSchema(await lastSnapshot(database.migrations), snapshotOf(database));
}

async function refuseQuestions(database: DatabaseDefinition): Promise<void> {
  const last = await lastSnapshot(database.migrations);
  if (last !== undefined) await failOnQuestion(generateMigration(last, pictureOf(database)));
}

const Journal = z.object({ entries: z.array(z.object({ idx: z.int() })) });

async function lastSnapshot(migrations: string): Promise<Snapshot | undefined> {
  const journal = join(migrations, JOURNAL);
  const last = existsSync(journal) ? Journal.parse(await readJson(journal)).entries.at(-1) : undefined;
  if (last === undefined) return undefined;
  return z.record(z.string(), z.unknown()).parse(await readJson(join(migrations, snapshotPath(last.idx))));
}

/** Whether two snapshots describe the same schema. */
export function isSameSchema(one: Snapshot | undefined, other: Snapshot | undefined): boolean {
  return isDeepStrictEqual(content(one), content(other));
}

/** The snapshot without its ids, which are random. */
function content(snapshot: Snapshot = {}): Snapshot {
  return { ...snapshot, id: undefined, prevId: undefined };
}
