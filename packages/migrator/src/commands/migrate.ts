/** `migrate`: applies the pending migrations. Needs no development dependency, except to baseline a pushed database. */
import type { DatabaseDefinition } from '../database-definition.ts';
import { migrate, type MigrateEvent, MigrationError, type MigrateOptions } from '../index.ts';
import { describeHolder } from '../migrate/migration-lock.ts';
import { type MigrationPlan, planMigrations } from '../migrate/plan.ts';
import { withDatabase } from './database.ts';
import { CommandFailure, EXIT, printFailureAsJson } from './failure.ts';
import { formatCount, printToStderr, print } from './output.ts';
import { openShadow } from './shadow.ts';

export interface MigrateCommandOptions {
  /**
   * Print the result as JSON: `{ applied, baselined, unchanged }`, each a list of names; with `dryRun` `{ pending, baselined, unchanged }`,
   * where `pending` lists `{ name, isTransactional, statements }`; after a failure `{ error: { code, message } }`.
   */
  readonly json?: boolean;
  /** Print the statements that would run, and run none. */
  readonly dryRun?: boolean;
  /** Milliseconds. Default: that of `migrate()`. */
  readonly lockTimeout?: number;
  readonly statementTimeout?: number;
}

/** Prints a line for each migration as soon as it is applied. A failure does not undo the migrations before it. */
export async function runMigrate({ migrations }: DatabaseDefinition, options: MigrateCommandOptions): Promise<void> {
  const { json = false, dryRun = false } = options;
  const work = dryRun ? printPlan : applyAndPrint;
  const run = () => withDatabase('schema', (url) => work(url, migrations, options).catch(rethrowAsCommandFailure));
  await printFailureAsJson(json, run);
}

async function applyAndPrint(url: string, migrations: string, options: MigrateCommandOptions): Promise<void> {
  const { json = false } = options;
  const onProgress = (event: MigrateEvent) => {
    // With --json, standard output contains only the result.
    const isResult = !json && (event.kind === 'baselined' || event.kind === 'applied');
    (isResult ? print : printToStderr)(describeEvent(event));
  };
  const result = await migrate(url, migrations, { shadow, onProgress, ...limitsOf(options) });
  if (json) print(JSON.stringify(result));
  else if (result.applied.length + result.baselined.length === 0) {
    print(`nothing to do: ${formatCount(result.unchanged.length, 'migration')} applied`);
  }
}

function limitsOf({ lockTimeout, statementTimeout }: MigrateCommandOptions): Partial<MigrateOptions> {
  return {
    ...(lockTimeout !== undefined && { tableLockTimeoutMs: lockTimeout }),
    ...(statementTimeout !== undefined && { statementTimeoutMs: statementTimeout }),
  };
}

async function printPlan(url: string, migrations: string, { json = false }: MigrateCommandOptions): Promise<void> {
  const plan = await planMigrations(url, migrations, { shadow, onProgress: printEvent });
  if (json) print(JSON.stringify(plan));
  else process.stdout.write(describePlan(plan));
}

const printEvent = (event: MigrateEvent) => printToStderr(describeEvent(event));

/** Formats the plan as SQL. Comments name the file of each statement. */
function describePlan({ pending, baselined, unchanged }: MigrationPlan): string {
  if (pending.length + baselined.length === 0)
    return `nothing to do: ${formatCount(unchanged.length, 'migration')} applied\n`;
  return [
    ...baselined.map((name) => `-- would baseline ${name}: the database already has its objects\n`),
    ...pending.map(({ name, isTransactional, statements }) =>
      [
        `-- would apply ${name}${isTransactional ? '' : ', outside a transaction'}`,
        ...statements.map((text) => (text.endsWith(';') ? text : `${text};`)),
        '',
      ].join('\n'),
    ),
  ].join('');
}

function describeEvent(event: MigrateEvent): string {
  switch (event.kind) {
    case 'connected':
      return event.route;
    case 'waiting': {
      const holder = event.holder === undefined ? '' : `, ${describeHolder(event.holder)}`;
      return `Waiting for another run of migrations${holder} …`;
    }
    case 'comparing':
      return 'The tables exist, but no migration is recorded: comparing them with the schema of the migrations …';
    case 'baselined':
      return `baselined ${event.name}: the database already has its objects`;
    case 'limits':
      return describeLimits(event);
    case 'applying':
      return `Applying ${event.name} …`;
    case 'continuing':
      return `${event.name} was interrupted: continuing after statement ${event.statementsDone} …`;
    case 'rebuilding':
      return `${event.name}: dropping the index ${event.index}, which a failed build left invalid; it is built again …`;
    case 'found':
      return `${event.name}: ${event.index} was built before the interruption, and is kept`;
    case 'retrying':
      return (
        `${event.name}: a table could not be locked (attempt ${event.attempt} of ${event.attempts}).` +
        ` Trying again in ${event.pauseMs} ms, so that other sessions can use the table meanwhile …`
      );
    case 'applied':
      return `applied ${event.name}`;
    default:
      return event satisfies never;
  }
}

function describeLimits({ lockTimeoutMs, statementTimeoutMs }: MigrateEvent & { kind: 'limits' }): string {
  const [lock, statement] = [lockTimeoutMs, statementTimeoutMs].map((ms) => (ms === 0 ? 'none' : `${ms} ms`));
  return `lock_timeout ${lock}, statement_timeout ${statement}`;
}

const shadow = () =>
  openShadow(
    'Nothing was changed. The database has tables, but no migration is recorded, and @todo/local-neon is not installed. The command needs it' +
      ' once, to compare the existing tables with the migrations: run the command in a checkout of the repository.',
  );

/** Rethrows a `MigrationError` as a `CommandFailure`, and other errors unchanged. */
export function rethrowAsCommandFailure(error: unknown): never {
  if (!(error instanceof MigrationError)) throw error;
  // Not passed as `cause`: the error of a statement could then be reported as "could not connect".
  throw new CommandFailure(EXIT.failed, error.message, { code: error.code });
}
