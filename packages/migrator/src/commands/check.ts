/** `check`: checks schema and migrations before a merge. Needs no database except a local Neon. */
import { describeDifference } from '../catalog/index.ts';
import type { DatabaseDefinition } from '../database-definition.ts';
import { hasFile, type Migration, readFolder } from '../migrate/folder.ts';
import type { Shadow } from '../index.ts';
import { type Finding, lintMigrations } from '../lint/lint-migrations.ts';
import { rehearseMigrations } from '../migrate/rehearse.ts';
import { catalogAfter } from '../migrate/replay.ts';
import type { EmptyTable } from '../rows/fill-tables.ts';
import { CommandFailure, EXIT } from './failure.ts';
import { migrationsMatchSchema } from './generate.ts';
import { runUntilInterrupted } from './interrupt.ts';
import { rethrowAsCommandFailure } from './migrate.ts';
import { formatCount, indentLines, printToStderr, print } from './output.ts';
import { readFileNamesAtCommit } from './rebase/git.ts';
import { compareWithSchema } from './schema/compare-with-schema.ts';
import { findFolderFaults } from './schema/folder-faults.ts';
import { findSchemaFaults } from './schema/schema-faults.ts';
import { readWantedCatalog } from './schema/wanted-catalog.ts';
import { openShadows } from './shadow.ts';

export interface CheckOptions {
  /** The commit whose migrations are deployed. These migrations are not checked again. */
  readonly base: string;
  /** Check all migrations. */
  readonly all?: boolean;
}

/** Prints one line per check, and the faults below each check that fails. */
export async function runCheck(database: DatabaseDefinition, options: CheckOptions): Promise<void> {
  const { faults } = await runUntilInterrupted(() =>
    checkAll(database, () => findDeployedFiles(database.migrations, options)),
  );
  if (faults > 0) throw new CommandFailure(EXIT.failed, `${faults} to correct.`);
}

/** Names of files. Undefined if the deployed migrations are unknown: then all migrations are checked. */
type Deployed = ReadonlySet<string> | undefined;

export interface CheckResult {
  /** The number of faults. */
  readonly faults: number;
  /** The number of unsafe statements among the faults: such a statement runs, but blocks or breaks other sessions. */
  readonly unsafe: number;
}

/** Runs all checks, and prints the faults of each. */
export async function checkAll(
  database: DatabaseDefinition,
  findDeployed: () => Promise<Deployed>,
): Promise<CheckResult> {
  const { migrations: folder } = database;
  let faults = printCheck('Journal, files and snapshots agree', await findFolderFaults(folder));
  // The checks that follow read the folder.
  if (faults > 0) return { faults, unsafe: 0 };
  faults = printCheck('drizzle-kit can write the schema as SQL', await findSchemaFaults(database));
  if (faults > 0) return { faults, unsafe: 0 };

  const isInSync = await migrationsMatchSchema(database);
  faults += printCheck(
    'The migrations match the schema',
    isInSync ? [] : ['A migration is missing: `pnpm db:generate`.'],
  );

  const migrations = (await readFolder(folder).catch(rethrowAsCommandFailure)).migrations.filter(hasFile);
  const deployed = await findDeployed();
  const pending = new Set(migrations.map(({ name }) => name).filter((name) => !deployed?.has(`${name}.sql`)));
  const found = await lintMigrations(migrations, (name) => pending.has(name));
  const unsafe = found.filter(({ isAdvice }) => !isAdvice).map(describeFinding);
  faults += printCheck(`${formatCount(pending.size, 'migration')} not deployed yet: safe on a database in use`, unsafe);
  for (const advice of found.filter(({ isAdvice }) => isAdvice)) print(`  advice: ${describeFinding(advice)}`);

  await using shadows = await openShadows();
  const replayFaults = await checkReplay(migrations, shadows.open);
  if (isInSync && replayFaults === 0) faults += await checkResult(database, migrations, shadows.open);
  return { faults: faults + replayFaults, unsafe: unsafe.length };
}

async function findDeployedFiles(folder: string, { base, all = false }: CheckOptions): Promise<Deployed> {
  if (all) return undefined;
  const deployed = await readFileNamesAtCommit(base, folder);
  if (deployed === undefined) printToStderr(`There is no ${base} in git: every migration is checked.`);
  return deployed;
}

function describeFinding({ name, line, rule, why, instead }: Finding): string {
  return `${name}.sql:${line} ${rule}: ${why}\n    Instead: ${instead}`;
}

async function checkReplay(
  migrations: readonly Required<Migration>[],
  openDatabase: () => Promise<Shadow>,
): Promise<number> {
  const { faults, tables, empty } = await rehearseMigrations(migrations, openDatabase);
  for (const { reason } of empty) printToStderr(reason);
  return printCheck(`The migrations run from an empty database${describeFilledTables(tables.length, empty)}`, faults);
}

/** Compares the SQL of the files with the schema: the snapshot beside a file does not change with an edit of the file. */
async function checkResult(
  database: DatabaseDefinition,
  migrations: readonly Required<Migration>[],
  openDatabase: () => Promise<Shadow>,
): Promise<number> {
  const created = await catalogAfter(migrations, openDatabase);
  const wanted = await readWantedCatalog(database, openDatabase, created);
  const { differences } = compareWithSchema(created, wanted);
  return printCheck('The SQL of the migrations creates the schema', differences.map(describeDifference));
}

/** Describes the tables that had rows: a migration is tested only on these. */
function describeFilledTables(tables: number, empty: readonly EmptyTable[]): string {
  if (tables === 0) return '';
  const without = empty.length === 0 ? '' : ` (without: ${empty.map(({ table }) => table).join(', ')})`;
  return `, and from each earlier version with rows in ${tables - empty.length} of ${tables} tables${without}`;
}

function printCheck(what: string, faults: readonly string[]): number {
  process.stdout.write(`${faults.length === 0 ? '✓' : '✗'} ${what}\n${indentLines(faults)}`);
  return faults.length;
}
