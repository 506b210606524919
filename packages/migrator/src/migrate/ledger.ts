/**
 * The table in which a database remembers its migrations. It is Drizzle's own, to the letter, so that drizzle-orm and
 * drizzle-kit can continue from here, and this from them.
 */
import { z } from 'zod';

import type { Session } from '@todo/client/session';
import type { Migration } from './folder.ts';

const LedgerRow = z.object({
  hash: z.string(),
  /** When the file was written, not when it ran: Drizzle's name for the journal's `when`. */
  createdAt: z.number(),
});

export type LedgerRow = z.infer<typeof LedgerRow>;

const LEDGER = `"drizzle"."__drizzle_migrations"`;

/** The rows in the order in which they were written; none when there is no ledger yet. Writes nothing. */
export async function readLedger(session: Session): Promise<LedgerRow[]> {
  if (!(await hasLedger(session))) return [];
  // A row without a date is nobody's: that column takes null. Without a hash it is no file's.
  const { rows } = await session.query(
    `select coalesce(hash, '') as hash, coalesce(created_at, 0)::float8 as "createdAt" from ${LEDGER} order by id`,
  );
  return z.array(LedgerRow).parse(rows);
}

/** Adds a migration's row, and the ledger itself before the first. Belongs into the transaction that runs the file. */
export async function recordMigration(session: Session, migration: Required<Migration>): Promise<void> {
  if (!(await hasLedger(session))) {
    await session.query(`CREATE SCHEMA IF NOT EXISTS "drizzle"`);
    await session.query(
      `CREATE TABLE IF NOT EXISTS ${LEDGER} (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at bigint)`,
    );
  }
  await session.query(`insert into ${LEDGER} ("hash", "created_at") values ($1, $2)`, [
    migration.file.hash,
    migration.createdAt,
  ]);
}

async function hasLedger(session: Session): Promise<boolean> {
  const { rows } = await session.query('select to_regclass($1) is not null as found', [LEDGER]);
  return rows[0]?.['found'] === true;
}
