/** `generate`: writes the next migration with drizzle-kit, and checks that the folder then leads to the schema. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import type { Schema } from '@todo/client';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';

import type { DatabaseDefinition } from '../database-definition.ts';
import { runDrizzleKit } from './drizzle-kit.ts';
import { CommandFailure, EXIT } from './failure.ts';
import { withoutQuestions } from './rename-question.ts';

export interface GenerateOptions {
  /** Only say whether a migration is missing. */
  readonly check?: boolean;
}

/** drizzle-kit's picture of a schema. */
type Snapshot = Record<string, unknown>;

/** Passes `flags` on to drizzle-kit. A folder that is in step needs no migration, unless an empty one is asked for. */
export async function runGenerate(
  database: DatabaseDefinition,
  flags: readonly string[],
  { check = false }: GenerateOptions,
): Promise<void> {
  const isCustom = flags.includes('--custom');
  if (!isCustom && (await isInStep(database))) {
    process.stdout.write('Nothing to generate: the migrations lead to the schema.\n');
    return;
  }
  if (check) {
    throw new CommandFailure(EXIT.failed, 'The schema has changes without a migration. Run `pnpm db:generate`.');
  }
  if (!isCustom && !process.stdin.isTTY) await refuseQuestions(database);
  const exitCode = await runDrizzleKit(database.folder, ['generate', ...flags]);
  if (exitCode !== 0)
    throw new CommandFailure(EXIT.failed, 'drizzle-kit wrote no migration; its message stands above.');
  // Without an answer drizzle-kit may write nothing and report success.
  if (!isCustom && !(await isInStep(database))) {
    throw new CommandFailure(
      EXIT.failed,
      'The migrations still do not lead to the schema; what stands above says why.',
    );
  }
}

/** Whether drizzle-kit's picture of the last migration equals the schema. */
export async function isInStep({ migrations, schema }: DatabaseDefinition): Promise<boolean> {
  return isDeepStrictEqual(content(await lastSnapshot(migrations)), content(codedSnapshot(schema)));
}

async function refuseQuestions({ migrations, schema }: DatabaseDefinition): Promise<void> {
  const last = await lastSnapshot(migrations);
  if (last !== undefined) await withoutQuestions(generateMigration(last, codedSnapshot(schema)));
}

/** Through JSON, as the pictures on disk went. */
function codedSnapshot(schema: Schema): Snapshot {
  return JSON.parse(JSON.stringify(generateDrizzleJson(schema)));
}

async function lastSnapshot(migrations: string): Promise<Snapshot | undefined> {
  const folder = join(migrations, 'meta');
  const journal = join(folder, '_journal.json');
  const last = existsSync(journal) ? JSON.parse(await readFile(journal, 'utf8')).entries.at(-1) : undefined;
  if (last === undefined) return undefined;
  const number = String(last.idx).padStart(4, '0');
  return JSON.parse(await readFile(join(folder, `${number}_snapshot.json`), 'utf8'));
}

/** Without the ids, which are drawn at random. */
function content(snapshot: Snapshot = {}): Snapshot {
  return { ...snapshot, id: undefined, prevId: undefined };
}
