/** `reset`: drops every table and the ledger, and builds them again from the migrations. */
import { createInterface } from 'node:readline/promises';

import { isLoopback, maskUrl } from '@todo/client/connection-url';
import type { DatabaseDefinition } from '../database-definition.ts';
import { migrate } from '../index.ts';
import { connectSession, type Session } from '@todo/client/session';
import { withDatabase } from './database.ts';
import { CommandFailure, EXIT } from './failure.ts';
import { refuse } from './migrate.ts';

export interface ResetOptions {
  /** Do it to a database that is not on this machine, too. */
  readonly yesDeleteEverything?: boolean;
  /** That database's name, where there is no terminal on which to type it. */
  readonly database?: string;
}

export async function runReset({ migrations }: DatabaseDefinition, options: ResetOptions): Promise<void> {
  await withDatabase('schema', async (url, signal) => {
    if (!isLoopback(url)) await confirm(url, options, signal);
    await rebuild(url, migrations).catch(refuse);
  });
}

/** The flag can stand in a script or in a shell's history; which database it meets there is what the name makes sure of. */
async function confirm(
  url: string,
  { yesDeleteEverything = false, database }: ResetOptions,
  signal: AbortSignal,
): Promise<void> {
  const refusal = (remedy: string) =>
    new CommandFailure(
      EXIT.refused,
      `Nothing was done: ${maskUrl(url)} is not on this machine, and a reset deletes everything in it.\n${remedy}`,
    );
  if (!yesDeleteEverything) {
    throw refusal(
      'Run it with --yes-delete-everything if that is meant; leave DATABASE_URL unset to reset the local Neon.',
    );
  }
  const name = decodeURIComponent(new URL(url).pathname.slice(1));
  const typed =
    database ?? (await ask(`Everything in ${maskUrl(url)} will be deleted. Type the database's name: `, signal));
  if (typed !== name) throw refusal('Say which database is meant: --database with its name in full.');
}

/** Undefined where nobody can answer. */
async function ask(question: string, signal: AbortSignal): Promise<string | undefined> {
  if (!process.stdin.isTTY) return undefined;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question, { signal });
  } catch (cause) {
    // Ctrl-C and Ctrl-D reach the question, not the process.
    throw new CommandFailure(EXIT.interrupted, 'Interrupted: nothing was done.', { cause });
  } finally {
    terminal.close();
  }
}

async function rebuild(url: string, migrations: string): Promise<void> {
  const dropped = await dropTables(url);
  process.stdout.write(`dropped ${dropped.join(', ') || 'nothing'}\n`);
  const { applied } = await migrate(url, migrations);
  process.stdout.write(`applied ${applied.join(', ')}\n`);
}

async function dropTables(url: string): Promise<string[]> {
  await using session = await connectSession(url);
  const tables = await ownTables(session);
  const statements = tables.map((table) => `drop table if exists ${table} cascade`);
  // Sent as one text without parameters, they are one transaction.
  await session.query([...statements, 'drop schema if exists drizzle cascade'].join(';\n'));
  return tables;
}

/** Every table of the application's schema, other checkouts' too; a table that an extension brought goes only with it. */
async function ownTables(session: Session): Promise<string[]> {
  const { rows } = await session.query(`
    select format('%I', relname) as name
    from pg_class
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
      and not exists (select from pg_depend where classid = 'pg_class'::regclass and objid = pg_class.oid and deptype = 'e')
    order by relname`);
  return rows.map(({ name }) => String(name));
}
