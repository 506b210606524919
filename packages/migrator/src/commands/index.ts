/** The database commands. Each command is loaded when it runs: most commands need development dependencies, and `migrate` needs none. */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';

import type { DatabaseDefinition } from '../database-definition.ts';
import { loadFailure } from '../load-failure.ts';
import { CommandFailure, EXIT, reportFailure } from './failure.ts';
import { readRowCounts } from './seed/rows-option.ts';

export { EXIT } from './failure.ts';
export { deriveRows, type DerivedRows } from './seed/derive-rows.ts';

/**
 * Runs the command that the process arguments name. After a failure, prints it and ends the process with its exit code.
 * @param load imports the module that exports the definition of the database: `() => import('./database.ts')`.
 */
export async function runCommand(load: () => Promise<{ readonly database: DatabaseDefinition }>): Promise<void> {
  const program = new Command('db').description('The database, from the command line.').exitOverride();
  try {
    const { database } = await load().catch((error: unknown) => {
      throw new CommandFailure(EXIT.failed, loadFailure('The definition of the database', error));
    });
    for (const addCommand of COMMANDS) addCommand(program, database);
    await program.parseAsync();
  } catch (error) {
    process.exit(error instanceof CommanderError ? usageExitCode(error) : reportFailure(error));
  }
}

function addPush(program: Command, database: DatabaseDefinition): void {
  program
    .command('push')
    .description('change the database to match the schema in the code, without a migration')
    .option('--force', 'also run statements that lose data')
    .option(
      '--force-remote',
      'also push to a database that is not on this machine and whose name does not contain the word dev or development',
    )
    .action(async (options) => (await import('./push.ts')).runPush(database, options));
}

function addGenerate(program: Command, database: DatabaseDefinition): void {
  program
    .command('generate')
    .description('generate a migration for the changes in the schema')
    .option('--check', 'write nothing; fail when a migration is missing')
    .argument('[flags...]', 'flags of `drizzle-kit generate`: --name, --custom, …')
    .allowUnknownOption()
    .action(async (flags, options) => (await import('./generate.ts')).runGenerate(database, flags, options));
}

function addMigrate(program: Command, database: DatabaseDefinition): void {
  program
    .command('migrate')
    .description('apply the migrations that the database lacks')
    .option('--dry-run', 'print the statements, and run none')
    .option('--json', 'print the result as JSON')
    .option(
      '--lock-timeout <ms>',
      'the time that a statement waits for a lock before it is retried (default: 2000)',
      toMs,
    )
    .option(
      '--statement-timeout <ms>',
      'the time that a statement may run, 0 for no limit (default: the setting of the server)',
      toMs,
    )
    .action(async (options) => (await import('./migrate.ts')).runMigrate(database, options));
}

function addStatus(program: Command, database: DatabaseDefinition): void {
  program
    .command('status')
    .description('list the migrations: applied, pending, edited, missing, …')
    .option('--json', 'print migrations, problems and differences as JSON')
    .action(async (options) => (await import('./status.ts')).runStatus(database, options));
}

function addCheck(program: Command, database: DatabaseDefinition): void {
  program
    .command('check')
    .description('check schema and migrations before a merge; starts a local Neon, and needs no other database')
    .option('--base <commit>', 'the commit whose migrations are deployed already', 'origin/main')
    .option('--all', 'check all migrations, deployed or not')
    .action(async (options) => (await import('./check.ts')).runCheck(database, options));
}

function addRebase(program: Command, database: DatabaseDefinition): void {
  program
    .command('rebase')
    .description('after a merge, regenerate your migrations on top of the base branch')
    .option('--base <commit>', 'the commit whose migrations stay as they are', 'origin/main')
    .option('--last', 'regenerate only the last migration; no database may have applied it')
    .option('--name <name>', 'the name of the last generated migration (default: its old name)', toName)
    .addOption(
      new Option(
        '--keep-sql',
        'keep SQL that drizzle-kit would not write; without this flag, the command asks',
      ).conflicts('dropSql'),
    )
    .option('--drop-sql', 'drop SQL that drizzle-kit would not write')
    .option('--allow-unsafe', 'also write statements that the check reports as unsafe on a database in use')
    .action(async (options) => (await import('./rebase.ts')).runRebase(database, options));
}

function addStudio(program: Command, database: DatabaseDefinition): void {
  program
    .command('studio')
    .description('open Drizzle Studio in a browser, until Ctrl-C')
    .argument('[flags...]', 'flags of `drizzle-kit studio`: --port, --host, --verbose')
    .allowUnknownOption()
    .action(async (flags) => (await import('./studio.ts')).runStudio(database, flags));
}

function addSeed(program: Command, database: DatabaseDefinition): void {
  program
    .command('seed')
    .description('write sample rows, the same rows each time')
    .option(
      '--rows <table=number>',
      'generate this many rows of a table in place of the sample rows, such as user=1000; repeatable, or separated by commas',
      readRowCounts,
    )
    .option(
      '--replace',
      'if a table has another number of generated rows, first delete the generated rows of all tables',
    )
    .action(async (options) => (await import('./seed.ts')).runSeed(database, options));
}

function addReset(program: Command, database: DatabaseDefinition): void {
  program
    .command('reset')
    .description('drop all objects that the migrations create, and apply every migration again')
    .option('--yes-delete-everything', 'also reset a database that is not on this machine; asks for its name')
    .option('--database <name>', 'the name of that database, if no terminal can ask for it')
    .option('--with-dependents', 'also drop dependent objects of other applications, such as a view on a table')
    .action(async (options) => (await import('./reset.ts')).runReset(database, options));
}

const COMMANDS = [addPush, addGenerate, addMigrate, addStatus, addCheck, addRebase, addStudio, addSeed, addReset];

/** The exit code for an error of the arguments, whose message is printed already. A request for help exits with 0. */
function usageExitCode({ exitCode }: CommanderError): number {
  return exitCode === 0 ? 0 : EXIT.wrongUsage;
}

function toName(text: string): string {
  if (/^[\w-]+$/.test(text)) return text;
  throw new InvalidArgumentError('The name is part of a file name: use letters, digits, _ and -.');
}

function toMs(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('The value must be a whole number of milliseconds, such as 2000.');
}
