/** `status`: prints the state of a database. Exits with 0 only if nothing remains to be done. */
import { describeDifference, type Difference, isHarmless } from '../catalog/index.ts';
import type { DatabaseDefinition } from '../database-definition.ts';
import { migrationStatus, type MigrationState, readFolder, readMigrationsTable, schemaDrift } from '../index.ts';
import { type MigrationsTableProblem, migrationsTableProblems } from '../migrate/migrations-table-problems.ts';
import type { Session } from '@todo/client/session';
import { connect } from './connect.ts';
import { withDatabase } from './database.ts';
import { CommandFailure, EXIT, printFailureAsJson } from './failure.ts';
import { findLocalNeonPackage } from './local-neon-package.ts';
import { rethrowAsCommandFailure } from './migrate.ts';
import { formatCount, indentLines, printToStderr, print } from './output.ts';

export interface StatusOptions {
  /**
   * Print `{ migrations: [{ name, state, appliedAt?, statementsDone? }], problems, drift }`. `problems` lists the problems of the
   * migrations table; `drift` lists the differences between the live schema and that of the applied migrations, or is null if they were not
   * compared. After a failure: `{ error: { code, message } }`.
   */
  readonly json?: boolean;
}

interface Status {
  readonly migrations: MigrationState[];
  readonly problems: MigrationsTableProblem[];
  readonly drift: Difference[] | undefined;
}

/**
 * Prints one line per migration: its name, its state, and its time of application if known. Then prints the drift of the schema, if
 * @todo/local-neon is installed for the comparison.
 */
export async function runStatus(database: DatabaseDefinition, { json = false }: StatusOptions): Promise<void> {
  const { migrations, problems, drift } = await printFailureAsJson(json, () =>
    withDatabase('schema', async (url) => {
      await using session = await connect(url);
      return await readStatus(session, database.migrations).catch(rethrowAsCommandFailure);
    }),
  );
  if (json) print(JSON.stringify({ migrations, problems, drift: drift ?? null }));
  else process.stdout.write(toTable(migrations) + describeProblems(problems) + describeDrift(drift));

  const remaining = migrations.filter(({ state }) => state !== 'applied');
  if (remaining.length > 0) throw new CommandFailure(EXIT.failed, remedyFor(remaining));
  if (problems.length > 0) throw new CommandFailure(EXIT.failed, PROBLEMS_REMEDY);
  if (drift !== undefined && !drift.every(isHarmless)) throw new CommandFailure(EXIT.failed, DRIFT_REMEDY);
}

async function readStatus(session: Session, folder: string): Promise<Status> {
  const migrations = await migrationStatus(session, folder);
  const problems = migrationsTableProblems(await readMigrationsTable(session), (await readFolder(folder)).migrations);
  return { migrations, problems, drift: await readDrift(session, folder) };
}

/** Returns the differences. Undefined, with the reason on standard error, if no local PostgreSQL can run the migrations. */
async function readDrift(session: Session, folder: string): Promise<Difference[] | undefined> {
  const localNeon = await findLocalNeonPackage();
  if (localNeon === undefined) return printNotCompared('@todo/local-neon is not installed.');
  try {
    return await schemaDrift(session, folder, { shadow: localNeon.startLocalNeon });
  } catch (error) {
    // If no local PostgreSQL can run, the migrations can still be listed.
    if (error instanceof localNeon.LocalNeonError) return printNotCompared(error.message);
    throw error;
  }
}

/** Returns undefined: without a comparison, the drift is unknown. */
function printNotCompared(reason: string): undefined {
  printToStderr(`The live schema was not compared: ${reason}`);
}

function describeProblems(problems: readonly MigrationsTableProblem[]): string {
  if (problems.length === 0) return '';
  const lines = problems.map(({ have, want, fix }) => `  ${have}; wanted: ${want}\n${fix.replaceAll(/^/gm, '    ')}\n`);
  return [`The migrations table has ${formatCount(problems.length, 'problem')}:\n`, ...lines].join('');
}

const PROBLEMS_REMEDY = 'Correct drizzle.__drizzle_migrations as printed above, then run `pnpm db:status` again.';

function describeDrift(drift: Status['drift']): string {
  if (drift === undefined) return '';
  if (drift.length === 0) return 'The live schema equals the schema of these migrations.\n';
  const heading = drift.every(isHarmless)
    ? 'The live schema equals the schema of these migrations, except for harmless differences:\n'
    : 'The live schema differs from the schema of these migrations:\n';
  return heading + indentLines(drift.map(describeDifference));
}

const DRIFT_REMEDY =
  'The schema was changed without a migration. Undo the change. Or make the change in the code, run `pnpm db:generate`, and undo the change' +
  ' before `pnpm db:migrate`, which repeats it. To keep the values of a new column, leave the column, and write ADD COLUMN IF NOT EXISTS' +
  ' in the new migration.';

function toTable(migrations: readonly MigrationState[]): string {
  const rows = migrations.map((migration) => [migration.name, migration.state, timeOf(migration)] as const);
  const nameWidth = Math.max('migration'.length, ...rows.map(([name]) => name.length));
  return [['migration', 'state', 'applied at'] as const, ...rows]
    .map(([name, state, appliedAt]) => `${name.padEnd(nameWidth)}  ${state.padEnd(STATE_WIDTH)}  ${appliedAt}\n`)
    .join('');
}

function timeOf({ state, appliedAt, statementsDone }: MigrationState): string {
  if (state === 'half-applied') return `- (${formatCount(statementsDone ?? 0, 'statement')} done)`;
  return appliedAt?.toISOString() ?? (state === 'applied' ? 'time unknown' : '-');
}

const STATE_WIDTH = 'out-of-order'.length;

function remedyFor(remaining: readonly MigrationState[]): string {
  const isPendingOnly = remaining.every(({ state }) => state === 'pending' || state === 'half-applied');
  return isPendingOnly
    ? `${formatCount(remaining.length, 'migration')} pending: run \`pnpm db:migrate\`.`
    : 'Files and database do not agree: `pnpm db:migrate` prints the remedy for each migration, and changes nothing.';
}
