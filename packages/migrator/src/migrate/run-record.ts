/**
 * Reads and writes `drizzle.todo_db_migrations`: when each migration was applied, and the progress of files outside a transaction, for
 * which Drizzle's table has no columns. Drizzle's table alone decides which migrations are applied.
 */
import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { Session } from '@todo/client/session';
import type { FileMigration } from './folder.ts';
import type { MigrationFile } from './migration-file.ts';
import { hasTable, recordMigration } from './migrations-table.ts';

const RunRecord = z.object({
  name: z.string(),
  /** The time of the migration file, by which the migrations table identifies it. */
  createdAt: z.number(),
  /** The number of statements that were begun. It is one more than the number done if the result of the last statement is unknown. */
  statementsBegun: z.int(),
  statementsDone: z.int(),
  /** The checksum of the statements that were begun. Later statements may still be corrected. */
  checksum: z.string(),
  appliedAt: z.number().pipe(z.coerce.date()).nullable(),
});

export type RunRecord = z.infer<typeof RunRecord>;

const RECORDS = 'drizzle.todo_db_migrations';

/** Reads all rows; none if the table does not exist yet. Writes nothing. */
export async function readRunRecords(session: Session): Promise<RunRecord[]> {
  if (!(await hasTable(session, RECORDS))) return [];
  const { rows } = await session.query(
    `select name, created_at::float8 as "createdAt", statements_begun as "statementsBegun",
       statements_done as "statementsDone", checksum, (extract(epoch from applied_at) * 1000)::float8 as "appliedAt"
     from ${RECORDS} order by created_at`,
  );
  return z.array(RunRecord).parse(rows);
}

/** Records a file as applied in both tables. Must run in the transaction that ends its run. */
export async function recordApplied(session: Session, migration: FileMigration): Promise<void> {
  await writeRunRecord(session, migration);
  await recordMigration(session, migration);
}

/** Records the progress of a file; without `progress`, that it is applied now. Creates the table before the first row. */
export async function writeRunRecord(
  session: Session,
  { name, createdAt, file }: FileMigration,
  progress?: { readonly begun: number; readonly done: number },
): Promise<void> {
  if (!(await hasTable(session, RECORDS))) {
    await session.query('create schema if not exists drizzle');
    await session.query(
      `create table if not exists ${RECORDS} (
         created_at bigint primary key, name text not null, statements_begun integer not null,
         statements_done integer not null, checksum text not null, applied_at timestamptz)`,
    );
  }
  const { begun, done } = progress ?? { begun: file.statements.length, done: file.statements.length };
  await session.query(
    `insert into ${RECORDS} (created_at, name, statements_begun, statements_done, checksum, applied_at)
     values ($1, $2, $3, $4, $5, case when $6 then clock_timestamp() end)
     on conflict (created_at) do update set (name, statements_begun, statements_done, checksum, applied_at)
       = (excluded.name, excluded.statements_begun, excluded.statements_done, excluded.checksum, excluded.applied_at)`,
    [createdAt, name, begun, done, checksumOf(file, begun), progress === undefined],
  );
}

/** The checksum of a file's first `count` statements. */
export function checksumOf({ statements }: MigrationFile, count: number): string {
  const texts = statements.slice(0, count).map(({ text }) => text);
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}
