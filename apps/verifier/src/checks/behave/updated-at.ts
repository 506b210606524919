import { quoted } from '@todo/migrator/catalog';
import { type Column, is, SQL, sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import { z } from 'zod';
import { RowError, type StoredRow } from '@todo/migrator/rows';

import type { Check, Finding } from '../../check.ts';
import { type CodeTable, qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { literal } from '../../sql-text.ts';
import { isServerTime, isTimestamp, OLD_TIME } from '../../server-time.ts';
import { hasColumn } from '../../live-tables.ts';
import { onEachTable, type Trial, catchRowError } from './each-table.ts';
import { rowCondition } from './row-condition.ts';
import type { Transaction } from './run-and-roll-back.ts';

export const updatedAt: Check = {
  id: 'behave/updated-at',
  title: 'An update sets each column with `$onUpdate`, and no other server time',
  method:
    'Inserts a row with old times into each table, updates it through Drizzle, compares the columns, and rolls back.',
  why: 'A query for rows changed since yesterday misses rows, or the creation time is lost.',
  remedy: 'Look for a trigger that sets the column: SELECT tgname FROM pg_trigger WHERE NOT tgisinternal;',
  mode: 'rolls-back',
  run: (context) => onEachTable(context, testUpdate),
};

/** Updates a row by writing the stored value of one column back, and compares the columns that the update must set and the times that it must keep. */
async function testUpdate(trial: Trial): Promise<Finding[]> {
  const { table, maker, session, tx } = trial;
  const columns = Object.entries(table.columns).filter(([, column]) => hasColumn(table, column.name));
  const updated = columns.filter(([, { onUpdateFn }]) => onUpdateFn !== undefined).map(([, column]) => column);
  const unchanged = columns
    .filter(([, column]) => isServerTime(column) && column.onUpdateFn === undefined)
    .map(([, column]) => column);
  if (updated.length + unchanged.length === 0) return [];
  const times = [...updated, ...unchanged].filter(isTimestamp);
  const given = Object.fromEntries(times.map(({ name }) => [name, OLD_TIME]));
  const before = await catchRowError(maker.insert(table.shape, { given }));
  // A CHECK of the table refuses old times.
  if (before instanceof RowError) return [];
  const updatedNames = updated.map(({ name }) => name);
  const condition = rowCondition(table.shape, before, updatedNames);
  const rewrittenKey = columns.find(([, column]) => canKeepItsValue(column, updated))?.[0];
  if (rewrittenKey === undefined) return [];
  await writeSameValue(tx, table.table, rewrittenKey, sql.raw(condition));
  const readbacks = [...updated, ...unchanged].map(readbackSql).join(', ');
  const { rows } = await session.query(
    `select json_build_object(${readbacks})::text as readback from ${qualifiedName(table)} where ${condition}`,
  );
  const after = Readback.parse(JSON.parse(z.string().default('{}').parse(rows[0]?.['readback'])));
  return [
    ...updated.flatMap((column) => updatedFindings(table, column, before, after)),
    ...unchanged.flatMap((column) => unchangedFindings(table, column, before, after)),
  ];
}

/** Updates one column of a row to the value that it has. Drizzle sets the columns with `$onUpdate` too. */
async function writeSameValue(tx: Transaction, table: PgTable, key: string, where: SQL): Promise<void> {
  const [stored] = await tx.select().from(table).where(where);
  const sameValue = { [key]: stored?.[key] };
  await tx.update(table).set(sameValue).where(where);
}

/** Whether an update may set the column to its current value, and has no `$onUpdate` for it. */
function canKeepItsValue(column: Column, updated: readonly Column[]): boolean {
  return !updated.includes(column) && column.generated === undefined && column.generatedIdentity?.type !== 'always';
}

/** SQL for the text of the column, and for whether it is the time of the transaction, in the precision of its type. */
function readbackSql(column: Column): string {
  const name = quoted(column.name);
  const isNow = isTimestamp(column) ? `${name} = now()::${column.getSQLType()}` : 'false';
  return `${literal(column.name)}, json_build_object('text', ${name}::text, 'isNow', ${isNow})`;
}

const Readback = z.record(z.string(), z.object({ text: z.string().nullable(), isNow: z.boolean().nullable() }));

type Readback = z.infer<typeof Readback>;

function updatedFindings(table: CodeTable, column: Column, before: StoredRow, after: Readback): Finding[] {
  const { name } = column;
  const setsNow = isTimestamp(column) && is(column.onUpdateFn?.(), SQL);
  if (setsNow ? after[name]?.isNow === true : after[name]?.text !== before[name]) return [];
  return [
    finding(table, name, `${after[name]?.text} after an update`, setsNow ? "the server's now()" : 'another value'),
  ];
}

function unchangedFindings(table: CodeTable, { name }: Column, before: StoredRow, after: Readback): Finding[] {
  if (after[name]?.text === before[name]) return [];
  return [finding(table, name, `${after[name]?.text} after an update`, `${before[name]}, as before the update`)];
}

function finding(table: CodeTable, name: string, have: string, want: string): Finding {
  return {
    have: `${displayName(table)}.${name} is ${have}`,
    want,
    about: subjectOf(table, name),
    follows: ['schema/trigger-rule', 'schema/column-type'],
  };
}
