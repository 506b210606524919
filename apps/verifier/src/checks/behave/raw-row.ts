/** A row as plain SQL writes it, around validators and types: what the database alone refuses. */
import { getTableColumns, getTableName, type Table, sql } from 'drizzle-orm';

import type { Context } from '../../check.ts';
import type { Transaction } from './rolled-back.ts';

export type RawRow = Readonly<Record<string, unknown>>;

/** By column name: a row that is accepted, of an owner who is there. */
export function fineRow(table: Table, rows: Context['rows'], ownerId: number): RawRow {
  const values: RawRow = {
    id: rows.id(),
    email: rows.email(),
    hashed_password: 'verify',
    title: 'verify',
    description: null,
    is_completed: false,
    user_id: ownerId,
    created_at: '2001-02-03T04:05:06.789Z',
    updated_at: '2001-02-03T04:05:06.789Z',
  };
  const names = Object.values(getTableColumns(table)).map(({ name }) => name);
  return Object.fromEntries(names.map((name) => [name, values[name]]));
}

export async function insertRaw(tx: Transaction, table: Table, row: RawRow): Promise<void> {
  const names = Object.keys(row).map((name) => sql.identifier(name));
  const values = Object.values(row).map((value) => sql`${value}`);
  const into = sql.identifier(getTableName(table));
  await tx.execute(sql`insert into ${into} (${sql.join(names, sql`, `)}) values (${sql.join(values, sql`, `)})`);
}

/** A user for rows to belong to. */
export async function insertOwner(tx: Transaction, table: Table, rows: Context['rows']): Promise<number> {
  const owner = fineRow(table, rows, 0);
  await insertRaw(tx, table, owner);
  return Number(owner['id']);
}
