/** The values of the application's sample rows, as PostgreSQL's text, for tables with rules that are not in the catalog. */
import type { DatabaseDefinition } from '@todo/migrator';
import type { RowValues } from '@todo/migrator/rows';
import { RowReference } from '@todo/migrator/samples';
import { is, SQL } from 'drizzle-orm';

import type { CodeTable } from '../../code-tables.ts';
import { valueText } from '../../sql-text.ts';

/** One entry per sample row of the table. References and SQL expressions are left out. */
export function sampleValues(
  { table, columns }: Pick<CodeTable, 'table' | 'columns'>,
  { samples }: Pick<DatabaseDefinition, 'samples'>,
): RowValues[] {
  const rows = samples?.rows.filter((each) => each.table === table).flatMap((each) => each.rows) ?? [];
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).flatMap(([key, value]): [string, string | null][] => {
        const column = columns[key];
        if (column === undefined || value === undefined || value instanceof RowReference || is(value, SQL)) return [];
        const text = valueText(value, column);
        return text === undefined ? [] : [[column.name, text]];
      }),
    ),
  );
}
