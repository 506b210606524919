/** `check`: what must hold of schema and migrations before they are merged. Needs no database but a local Neon. */
import { type LocalNeon, LocalNeonError, startLocalNeon } from '@todo/local-neon';

import type { DatabaseDefinition } from '../database-definition.ts';
import { findChainFaults } from '../migrate/chain.ts';
import { hasFile, type Migration, readFolder } from '../migrate/folder.ts';
import type { Shadow } from '../index.ts';
import { lintMigrations } from '../lint/lint-migrations.ts';
import { rehearse } from '../migrate/rehearse.ts';
import type { EmptyTable } from '../rows/fill-tables.ts';
import { CommandFailure, EXIT } from './failure.ts';
import { isInStep } from './generate.ts';
import { untilInterrupted } from './interrupt.ts';
import { countMigrations, refuse } from './migrate.ts';
import { filesAt } from './pending-files.ts';

export interface CheckOptions {
  /** The commit whose migrations are deployed. Those that it has are not judged again. */
  readonly base: string;
  /** Judge all migrations. */
  readonly all?: boolean;
}

/** Prints a line for each thing that holds, and below each that does not what is wrong. */
export async function runCheck(database: DatabaseDefinition, options: CheckOptions): Promise<void> {
  const faults = await untilInterrupted(() => checkAll(database, options));
  if (faults > 0) throw new CommandFailure(EXIT.failed, `${faults} to mend.`);
}

async function checkAll(database: DatabaseDefinition, options: CheckOptions): Promise<number> {
  const { migrations: folder } = database;
  const chain = await findChainFaults(folder).catch(unreadable);
  let faults = report('The migrations folder is whole', chain);
  // What follows reads the folder.
  if (faults > 0) return faults;

  const isSame = await isInStep(database);
  faults += report('The migrations lead to the schema', isSame ? [] : ['A migration is missing: `pnpm db:generate`.']);

  const migrations = (await readFolder(folder).catch(refuse)).migrations.filter(hasFile);
  const pending = await pendingAmong(migrations, folder, options);
  const unsafe = await lint(migrations, pending);
  faults += report(`${countMigrations(pending.size)} not deployed yet: safe on a database in use`, unsafe);

  return faults + (await checkReplay(migrations));
}

function unreadable(error: unknown): string[] {
  return [error instanceof Error ? error.message : String(error)];
}

async function pendingAmong(
  migrations: readonly Migration[],
  folder: string,
  { base, all = false }: CheckOptions,
): Promise<Set<string>> {
  const deployed = all ? new Set<string>() : await filesAt(base, folder);
  if (deployed === undefined) process.stderr.write(`There is no ${base} in git: every migration is judged.\n`);
  return new Set(migrations.map(({ name }) => name).filter((name) => !deployed?.has(`${name}.sql`)));
}

async function lint(migrations: readonly Migration[], pending: ReadonlySet<string>): Promise<string[]> {
  const findings = await lintMigrations(migrations, (name) => pending.has(name));
  return findings.map(
    ({ name, line, rule, why, instead }) => `${name}.sql:${line} ${rule}: ${why}\n    Instead: ${instead}`,
  );
}

async function checkReplay(migrations: readonly Required<Migration>[]): Promise<number> {
  await using neon = await open();
  let count = 0;
  const openDatabase = async (): Promise<Shadow> => {
    const name = `version-${(count += 1)}`;
    const { url } = await neon.branches.create(name, { from: 'template1' });
    return { url, [Symbol.asyncDispose]: () => neon.branches.delete(name) };
  };
  const { faults, tables, empty } = await rehearse(migrations, openDatabase);
  for (const { reason } of empty) process.stderr.write(`${reason}\n`);
  return report(`They run from nothing${withRows(tables.length, empty)}`, faults);
}

/** Of a table without rows it is not known whether a migration runs when it has some. */
function withRows(tables: number, empty: readonly EmptyTable[]): string {
  if (tables === 0) return '';
  const without = empty.length === 0 ? '' : ` (without: ${empty.map(({ table }) => table).join(', ')})`;
  return `, and from each earlier version with rows in ${tables - empty.length} of ${tables} tables${without}`;
}

async function open(): Promise<LocalNeon> {
  return startLocalNeon().catch((error: unknown) => {
    if (!(error instanceof LocalNeonError)) throw error;
    throw new CommandFailure(EXIT.couldNotConnect, error.message, { cause: error });
  });
}

function report(what: string, faults: readonly string[]): number {
  const lines = faults.map((fault) => `  ${fault}\n`);
  process.stdout.write([`${faults.length === 0 ? '✓' : '✗'} ${what}\n`, ...lines].join(''));
  return faults.length;
}
