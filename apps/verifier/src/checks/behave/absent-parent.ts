/** Foreign key values that no parent row has. Each foreign key must refuse them. */
import { RowError, type RowValues } from '@todo/migrator/rows';

import type { CodeForeignKey } from '../../code-tables.ts';
import { hasSameName } from '../../live-tables.ts';
import { type Trial, catchRowError } from './each-table.ts';
import { makerOf } from './row-maker.ts';
import { runAndRollBack } from './run-and-roll-back.ts';
import { sessionOf } from './session-of.ts';

/** Values for the columns of the foreign key, taken from a parent row that was rolled back. Undefined if no parent row can be inserted. */
export async function absentParentValues(
  { tx, live }: Pick<Trial, 'tx' | 'live'>,
  { columns, references }: CodeForeignKey,
): Promise<RowValues | undefined> {
  const parent = live.shapes.find(hasSameName(references));
  if (parent === undefined) return undefined;
  const row = await runAndRollBack(tx, (savepoint) =>
    catchRowError(makerOf(sessionOf(savepoint), live).insert(parent)),
  );
  if (row instanceof RowError) return undefined;
  const values = columns.map((column, index): [string, string | null] => [
    column,
    row[references.columns[index] ?? ''] ?? null,
  ]);
  return values.every(([, value]) => value !== null) ? Object.fromEntries(values) : undefined;
}

/** The names of `key` and of the other foreign keys that share a column with it: a refusal may name any of them. */
export function overlappingKeys({ foreignKeys }: Trial['table'], key: CodeForeignKey): string[] {
  return foreignKeys
    .filter(({ columns }) => columns.some((column) => key.columns.includes(column)))
    .map(({ name }) => name);
}
