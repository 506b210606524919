/** `check`: checks schema and migrations before a merge. Needs no database except a local Neon. */
import { describeDifference } from '../catalog/index.ts';
import type { DatabaseDefinition } from '../database-definition.ts';
import { hasFile, type FileMigration, readFolder } from '../migrate/folder.ts';
import { type Finding, lintMigrations } from '../lint/lint-migrations.ts';
import { rehearseMigrations } from '../migrate/rehearse.ts';
import { catalogAfter, type OpenShadow } from '../migrate/replay.ts';
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
  const findDeployed = () => findDeployedFiles(database.migrations, options);
  const { faults } = await runUntilInterrupted(() => checkAll(database, findDeployed));
  if (faults > 0) throw new CommandFailure(EXIT.failed, `${formatCount(faults, 'fault')} to correct: see above.`);
}

/** File names of the deployed migrations. Undefined if they are unknown: then all migrations are checked. */
type DeployedFiles = ReadonlySet<string> | undefined;

/**
 * Runs all checks, and prints the faults of each.
 * @returns the number of faults, and of unsafe statements among them: such a statement runs, but blocks or breaks other sessions.
 */
export async function checkAll(
  database: DatabaseDefinition,
  findDeployed: () => Promise<DeployedFiles>,
): Promise<{ faults: number; unsafe: number }> {
  const { migrations: folder } = database;
  let faults = printCheck('Journal, files and snapshots agree', await findFolderFaults(folder));
  // The checks that follow read the folder.
  if (faults > 0) return { faults, unsafe: 0 };
  faults = printCheck('drizzle-kit can write the schema as SQL', await findSchemaFaults(database));
  if (faults > 0) return { faults, unsafe: 0 };

  const isInSync = await migrationsMatchSchema(database);
  const missing = isInSync ? [] : ['The schema has changes without a migration: run `pnpm db:generate`.'];
  faults += printCheck('The migrations match the schema', missing);

  const migrations = (await readFolder(folder).catch(rethrowAsCommandFailure)).migrations.filter(hasFile);
  const deployed = await findDeployed();
  const pending = new Set(migrations.map(({ name }) => name).filter((name) => !deployed?.has(`${name}.sql`)));
  const findings = await lintMigrations(migrations, (name) => pending.has(name));
  const unsafe = findings.filter(({ isAdvice }) => !isAdvice).map(describeFinding);
  faults += printCheck(
    `${formatCount(pending.size, 'migration')} not deployed yet: each statement is safe on a database in use`,
    unsafe,
  );
  for (const advice of findings.filter(({ isAdvice }) => isAdvice)) print(`  advice: ${describeFinding(advice)}`);

  await using shadows = await openShadows();
  const replayFaults = await checkReplay(migrations, shadows.open);
  if (isInSync && replayFaults === 0) faults += await checkCreatedSchema(database, migrations, shadows.open);
  return { faults: faults + replayFaults, unsafe: unsafe.length };
}

async function findDeployedFiles(folder: string, { base, all = false }: CheckOptions): Promise<DeployedFiles> {
  if (all) return undefined;
  const deployed = await readFileNamesAtCommit(base, folder);
  if (deployed === undefined) printToStderr(`There is no ${base} in git: every migration is checked.`);
  return deployed;
}

function describeFinding({ name, line, rule, why, instead }: Finding): string {
  return `${name}.sql:${line} ${rule}: ${why}\n    Instead: ${instead}`;
}

/** Checks that the migrations run from every version, and prints the tables that had no rows in this test. */
async function checkReplay(migrations: readonly FileMigration[], openDatabase: OpenShadow): Promise<number> {
  const { faults, tables, empty } = await rehearseMigrations(migrations, openDatabase);
  for (const { reason } of empty) printToStderr(reason);
  return printCheck(`The migrations run from an empty database${describeFilledTables(tables.length, empty)}`, faults);
}

/** Checks that the SQL of the files creates the schema. An edit of a file is not in its snapshot, which drizzle-kit compares. */
async function checkCreatedSchema(
  database: DatabaseDefinition,
  migrations: readonly FileMigration[],
  openDatabase: OpenShadow,
): Promise<number> {
  const created = await catalogAfter(migrations, openDatabase);
  const wanted = await readWantedCatalog(database, openDatabase, created);
  const { differences } = compareWithSchema(created, wanted);
  return printCheck('The SQL of the migrations creates the schema', differences.map(describeDifference));
}

/** The end of the check's title: the tables that had rows, because a migration is tested only on these. */
function describeFilledTables(tableCount: number, empty: readonly EmptyTable[]): string {
  if (tableCount === 0) return '';
  const without = empty.length === 0 ? '' : ` (no rows in: ${empty.map(({ table }) => table).join(', ')})`;
  return `, and from each earlier version with rows in ${tableCount - empty.length} of ${tableCount} tables${without}`;
}

/** Prints the check as passed or failed, with its faults. @returns the number of faults. */
function printCheck(title: string, faults: readonly string[]): number {
  process.stdout.write(`${faults.length === 0 ? '✓' : '✗'} ${title}\n${indentLines(faults)}`);
  return faults.length;
}
