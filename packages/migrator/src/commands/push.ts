/** `push`: changes a database until it equals the schema in the code, without a migration. For development. */
import type { Schema } from '@todo/client';
import { pushSchema } from 'drizzle-kit/api';
import type { SQL } from 'drizzle-orm';
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres';
import { Pool } from 'pg';

import { isLocal, maskUrl } from '../connection/index.ts';
import type { DatabaseDefinition } from '../database-definition.ts';
import { findDataLoss, type Loss } from './data-loss.ts';
import { withDatabase } from './database.ts';
import { CommandFailure, EXIT } from './failure.ts';
import { withoutQuestions } from './rename-question.ts';
import { tcpConfig } from './tcp-config.ts';

export interface PushOptions {
  /** Apply also what loses data. */
  readonly force?: boolean;
  /** Push to a database that is neither on this machine nor named as one for development, too. */
  readonly forceRemote?: boolean;
}

/**
 * Prints the statements and runs them in one transaction. Where data would be lost it says how much and does nothing, unless
 * forced.
 */
export async function runPush(
  { schema }: DatabaseDefinition,
  { force = false, forceRemote = false }: PushOptions,
): Promise<void> {
  await withDatabase('schema', async (url) => {
    if (!forceRemote && !isLocal(url) && !isForDevelopment(url)) throw remoteDatabase(url);
    // drizzle-kit reads all tables at once; over one connection they answer in order, and so do the statements stand.
    const pool = new Pool({ ...tcpConfig(url), max: 1 });
    try {
      await push(schema, pool, force);
    } finally {
      await pool.end();
    }
  });
}

/** Whether the database's own name has the word `dev` or `development` in it, such as `shop_dev`. */
function isForDevelopment(url: string): boolean {
  return /(^|[^a-z])dev(elopment)?([^a-z]|$)/i.test(decodeURIComponent(new URL(url).pathname.slice(1)));
}

function remoteDatabase(url: string): CommandFailure {
  return new CommandFailure(
    EXIT.refused,
    `Nothing was done: ${maskUrl(url)} is not on this machine, and its name does not say that it is for development.\n` +
      'A push leaves no migration behind: `pnpm db:generate` and `pnpm db:migrate` change a database that others use.\n' +
      'Run it with --force-remote if a push is meant.',
  );
}

async function push(schema: Schema, pool: Pool, force: boolean): Promise<void> {
  const { statementsToExecute, hasDataLoss, warnings } = await compare(schema, pool);
  if (statementsToExecute.length === 0) {
    process.stdout.write('No changes: the database equals the schema.\n');
    return;
  }
  for (const warning of warnings) process.stderr.write(`${warning}\n`);
  const losses = await findDataLoss(pool, statementsToExecute);
  if (losses.length > 0) process.stderr.write(describeLosses(losses));
  if ((hasDataLoss || losses.length > 0) && !force) {
    throw new CommandFailure(
      EXIT.refused,
      `Nothing was done: this loses data.\n${list(statementsToExecute)}\nRun it again with --force if that is meant.`,
    );
  }
  process.stdout.write(`${list(statementsToExecute)}\n`);
  await applyAll(pool, statementsToExecute);
  const { statementsToExecute: remaining } = await compare(schema, pool);
  if (remaining.length > 0) {
    throw new CommandFailure(
      EXIT.failed,
      `Applied, yet the database differs from the schema still:\n${list(remaining)}`,
    );
  }
  process.stderr.write('The database equals the schema.\n');
}

type Comparison = Awaited<ReturnType<typeof pushSchema>>;

/** drizzle-kit's comparison. It draws a spinner, which in a pipe or a file would stand among the statements. */
async function compare(schema: Schema, pool: Pool): Promise<Comparison> {
  const write = process.stdout.write.bind(process.stdout);
  if (!process.stdout.isTTY) process.stdout.write = () => true;
  try {
    return await withoutQuestions(compareOrThrow(schema, drizzle(pool)));
  } finally {
    process.stdout.write = write;
  }
}

/** When a query fails, drizzle-kit ends the process without a word. So it never hears of it, and waits for ever. */
function compareOrThrow(schema: Schema, db: NodePgDatabase): Promise<Comparison> {
  return new Promise((resolve, reject) => {
    const execute = (query: SQL) =>
      db.execute(query).catch((error: unknown) => {
        reject(error);
        return new Promise(() => {});
      });
    // All that it uses of a database.
    pushSchema(schema, { execute } as unknown as NodePgDatabase).then(resolve, reject);
  });
}

/** drizzle-kit applies statement by statement; half a push would be left behind by an error. */
async function applyAll(pool: Pool, statements: readonly string[]): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    for (const statement of statements) await client.query(statement);
    await client.query('commit');
  } finally {
    // A failed transaction goes with its connection.
    client.release(true);
  }
}

function describeLosses(losses: readonly Loss[]): string {
  return ['Deleted with it:\n', ...losses.map(({ statement, what }) => `  ${what}  (${statement})\n`)].join('');
}

function list(statements: readonly string[]): string {
  return statements.map((statement) => statement.trim()).join('\n');
}
