/** A key that no row has: what each foreign key must refuse. */
import type { RowValues } from '@todo/migrator/rows';

import type { CodeForeignKey } from '../../code-tables.ts';
import { type Trial, tryValues } from './each-table.ts';

/** The values of the foreign key's columns; undefined where no such key can be made. */
export async function absentParent(
  { maker, shapes }: Pick<Trial, 'maker' | 'shapes'>,
  { columns, references }: CodeForeignKey,
): Promise<RowValues | undefined> {
  const parent = shapes.find(({ schema, name }) => schema === references.schema && name === references.name);
  // Made and not inserted.
  const row = parent && (await tryValues(maker, parent));
  if (row === undefined || row instanceof Error) return undefined;
  const entries = columns.map((column, index): [string, string | null] => [
    column,
    row[references.columns[index] ?? ''] ?? null,
  ]);
  return entries.every(([, value]) => value !== null) ? Object.fromEntries(entries) : undefined;
}
