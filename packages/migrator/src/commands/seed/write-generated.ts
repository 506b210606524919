/** Fills tables with generated rows, in one transaction. The memory does not grow with the number of rows. */
import { SingleBar } from 'cli-progress';
import { getTableColumns, type SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';

import type { GeneratedRows } from '../../samples/generated-rows.ts';
import { refusal } from '../failure.ts';
import { formatCount } from '../output.ts';
import { insertRows } from './insert-rows.ts';
import { createOwners } from './owners.ts';
import { referencedColumn } from './referenced-column.ts';
import type { SeedTransaction } from './seed-transaction.ts';
import { nameOf } from './tables.ts';

/** A table, and the number of rows to generate. */
export interface Wanted {
  readonly rows: GeneratedRows;
  readonly count: number;
}

/**
 * Generates the rows, unless the tables have these numbers of generated rows already. Refuses a database with other numbers; with `replace`,
 * deletes its generated rows first.
 * @param wanted each table that can be generated, parents first.
 * @returns whether rows were written.
 */
export async function writeGenerated(
  tx: SeedTransaction,
  wanted: readonly Wanted[],
  { replace }: { readonly replace: boolean },
): Promise<boolean> {
  const conditions = generatedRowConditions(wanted.map(({ rows }) => rows));
  const existing: Wanted[] = [];
  for (const { rows } of wanted)
    existing.push({ rows, count: await tx.$count(rows.table, conditions.get(rows.table)) });
  if (existing.every(({ count }, index) => count === wanted[index]?.count)) return false;
  const isEmpty = existing.every(({ count }) => count === 0);
  if (!isEmpty && !replace) {
    throw refusal(
      `the database already has another number of generated rows: ${describeCounts(existing)}.\n` +
        'Use --replace to delete them, and all rows that refer to them with ON DELETE CASCADE, and to generate the new ones.',
    );
  }
  if (!isEmpty)
    for (const { rows } of wanted.toReversed()) await tx.delete(rows.table).where(conditions.get(rows.table));
  await writeRows(tx, wanted);
  return true;
}

/** Such as `2 rows of user, 1 row of todo`. */
export function describeCounts(counts: readonly Wanted[]): string {
  return counts.map(({ rows, count }) => `${formatCount(count, 'row')} of ${nameOf(rows.table)}`).join(', ');
}

/** For each table, a condition that is true only for its generated rows. Parents come first, because children use their conditions. */
function generatedRowConditions(all: readonly GeneratedRows[]): Map<PgTable, SQL> {
  const conditions = new Map<PgTable, SQL>();
  for (const { table, owners, isGenerated } of all) {
    const [[key, parent] = []] = Object.entries(owners);
    if (isGenerated !== undefined) conditions.set(table, isGenerated);
    else if (key === undefined || parent === undefined)
      throw new Error(
        `Generated rows of ${nameOf(table)} cannot be distinguished from other rows: set \`isGenerated\` or \`owners\`.`,
      );
    else conditions.set(table, refersToGeneratedRow(table, key, parent, conditions.get(parent)));
  }
  return conditions;
}

/** The condition that the column refers to a row for which `isGenerated` is true. */
function refersToGeneratedRow(table: PgTable, key: string, parent: PgTable, isGenerated: SQL | undefined): SQL {
  const column = getTableColumns(table)[key];
  const target = referencedColumn(table, key, parent);
  return sql`${column} in (select ${target} from ${parent} where ${isGenerated})`;
}

/** The maximal number of rows in one statement, and so in memory. */
const ROWS_MAX = 5_000;

async function writeRows(tx: SeedTransaction, wanted: readonly Wanted[]): Promise<void> {
  // Prints nothing unless standard error is a terminal.
  const bar = new SingleBar({
    format: '{bar} {value} of {total} rows',
    stream: process.stderr,
    hideCursor: true,
    clearOnComplete: true,
  });
  const total = wanted.reduce((sum, { count }) => sum + count, 0);
  bar.start(total, 0);
  const owners = createOwners(wanted);
  try {
    for (const { rows, count } of wanted) {
      for (const chunk of splitIntoChunks(owners.generateWithOwners(rows, count), ROWS_MAX)) {
        owners.remember(rows.table, await insertRows(tx, rows.table, chunk, owners.columnsOf(rows.table)));
        bar.increment(chunk.length);
      }
    }
  } finally {
    bar.stop();
  }
}

function* splitIntoChunks<T>(rows: Iterable<T>, size: number): Generator<T[]> {
  let chunk: T[] = [];
  for (const row of rows) {
    chunk.push(row);
    if (chunk.length < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}
