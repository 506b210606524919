/** `rebase`: regenerates the migrations of the current branch on top of the base branch, or only the last migration. */
import { realpath } from 'node:fs/promises';

import type { DatabaseDefinition } from '../database-definition.ts';
import { checkAll } from './check.ts';
import { CommandFailure, EXIT, refusal } from './failure.ts';
import { migrationsMatchSchema } from './generate.ts';
import { runUntilInterrupted } from './interrupt.ts';
import { formatCount, indentLines, printToStderr, print } from './output.ts';
import { createDecider, type DecisionFlags } from './rebase/decide.ts';
import { readFolderFiles, tagsOf } from './rebase/folder-files.ts';
import { branchHistory, type History, lastHistory } from './rebase/history.ts';
import { planRebase, type NewMigration, type RebasePlan } from './rebase/plan-rebase.ts';
import { requireUnapplied } from './rebase/require-unapplied.ts';
import { createStaging } from './rebase/staging.ts';
import { requireWritableSchema } from './schema/schema-faults.ts';

export interface RebaseOptions extends DecisionFlags {
  /** The commit whose migrations do not change. */
  readonly base: string;
  /** Regenerate only the last migration. */
  readonly last?: boolean;
  /** The name of the last generated migration. Default: its old name. */
  readonly name?: string;
  /** Also write statements that the check calls unsafe on a database in use. */
  readonly allowUnsafe?: boolean;
}

/** Rebases the migrations folder: replaces it in one step, after the new folder has passed `check`. Until then it stays unchanged. */
export async function runRebase(database: DatabaseDefinition, options: RebaseOptions): Promise<void> {
  await requireWritableSchema(database);
  const folder = await realpath(database.migrations).catch((cause: unknown) => {
    throw refusal(`there is no folder ${database.migrations}. \`pnpm db:generate\` creates it.`, { cause });
  });
  const definition = { ...database, migrations: folder };
  const history = await readHistory(definition, options);
  if (history === undefined) return;
  const plan = await runUntilInterrupted(async (signal) => {
    await requireUnapplied(history.branchMigrations);
    const { base, branchMigrations } = history;
    const decider = createDecider(options, signal);
    return planRebase({ database, base, branchMigrations, ...decider, name: options.name });
  });
  if (isUnchanged(history, plan)) return print('Nothing to do: the last migration already matches the schema.');
  const unsafe = await replaceFolder(definition, history, plan, options);
  printPlan(plan);
  printToStderr(
    options.last
      ? RESET_HINT
      : `Your migrations follow those of ${options.base}. Add them to the merge: git add '${folder}'\n${RESET_HINT}`,
  );
  if (unsafe > 0)
    throw new CommandFailure(
      EXIT.failed,
      'The migrations were written, but some statements are unsafe: correct them, until `pnpm db:check` passes.',
    );
}

const RESET_HINT = 'If a development database has run the earlier files, `pnpm db:reset` recreates it.';

/** Returns the migrations to regenerate. If there are none, prints the reason and returns undefined. */
async function readHistory(database: DatabaseDefinition, options: RebaseOptions): Promise<History | undefined> {
  const { base } = options;
  const current = await readFolderFiles(database.migrations);
  if (options.last) return lastHistory(database, current, base);
  const history = await branchHistory(database, current, base);
  if (!history.isInOrder) return history;
  const { branchMigrations } = history;
  print(
    branchMigrations.length === 0
      ? `Nothing to rebase: every migration of this branch is in ${base}.`
      : `Nothing to rebase: ${formatCount(branchMigrations.length, 'migration')} of this branch, already after those of ${base}.`,
  );
  if (!(await migrationsMatchSchema(database)))
    printToStderr('The schema has changes without a migration: run `pnpm db:generate`.');
  return undefined;
}

/** Whether the planned migrations are those of the folder. */
function isUnchanged({ branchMigrations, isInOrder }: History, { migrations }: RebasePlan): boolean {
  return (
    isInOrder &&
    branchMigrations.length === migrations.length &&
    migrations.every(
      ({ tag, sql }, index) => branchMigrations[index]?.tag === tag && branchMigrations[index].sql === sql,
    )
  );
}

/** Writes the planned folder, checks it, and replaces the old one. @returns the number of unsafe statements, if these are allowed. */
async function replaceFolder(
  database: DatabaseDefinition,
  { current, base }: History,
  { migrations }: RebasePlan,
  { allowUnsafe = false }: RebaseOptions,
): Promise<number> {
  await using staging = await createStaging(database.migrations, { current, base, migrations });
  const deployed = new Set(tagsOf(base).map((tag) => `${tag}.sql`));
  const { faults, unsafe } = await runUntilInterrupted(() =>
    checkAll({ ...database, migrations: staging.folder }, async () => deployed),
  );
  if (faults > (allowUnsafe ? unsafe : 0)) throw checkFailedError(migrations, faults === unsafe);
  staging.swap();
  return unsafe;
}

function checkFailedError(migrations: readonly NewMigration[], isUnsafeOnly: boolean): CommandFailure {
  const names = indentLines(migrations.map(({ tag, from = 'new' }) => `${tag} (${from})`));
  return new CommandFailure(
    EXIT.failed,
    `Nothing was done: the generated migrations do not pass the check, as printed above:\n${names}` +
      (isUnsafeOnly
        ? 'Correct the SQL in the migration of this branch, run the command again, and keep this SQL. Or use --allow-unsafe, and correct the new files.'
        : 'Correct the schema or the SQL in the migration of this branch, then run the command again.'),
  );
}

function printPlan({ migrations, removed }: RebasePlan): void {
  for (const { tag, from, how } of migrations) {
    const origin = how === 'kept' ? 'kept unchanged' : 'generated';
    if (from === undefined) print(`${tag}: generated, for the remaining changes of the schema`);
    else print(from === tag ? `${tag}: ${origin}` : `${from} is now ${tag}: ${origin}`);
  }
  for (const tag of removed) print(`${tag}: removed, because all its changes exist already`);
}
