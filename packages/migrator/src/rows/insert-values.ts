/** Inserts a row with the given values, and the SQL for names and rows that this needs. */
import type { Session } from '@todo/client/session';
import { quoted } from '../catalog/quoted.ts';
import type { RowValues, StoredRow } from './row-maker-state.ts';
import type { TableName, TableShape } from './table-shape.ts';

/** Inserts a row. Columns without a value get their default. Returns the stored row. @throws PostgreSQL's error. */
export async function insertValues(session: Session, table: TableShape, values: RowValues): Promise<StoredRow> {
  const columns = Object.keys(values);
  const isOverriding = table.columns.some(({ name, identity }) => identity === 'always' && name in values);
  const names = columns.map(quoted).join(', ');
  const parameters = columns.map((_, index) => `$${index + 1}`).join(', ');
  const overriding = isOverriding ? ' overriding system value' : '';
  const source = columns.length === 0 ? 'default values' : `(${names})${overriding} values (${parameters})`;
  const insert = `insert into ${tableSql(table)} ${source} returning ${columnsAsText(table)}`;
  const { rows } = await session.query(insert, Object.values(values));
  return toStoredRow(table, rows[0]);
}

export const tableSql = ({ schema, name }: TableName): string => `${quoted(schema)}.${quoted(name)}`;

/** The name of a constraint for SET CONSTRAINTS. */
export const constraintSql = ({ schema }: TableName, name: string): string => `${quoted(schema)}.${quoted(name)}`;

/** SQL that selects all columns, each as PostgreSQL's text; `1` for a table without columns. */
export const columnsAsText = ({ columns }: TableShape): string =>
  columns.map(({ name }) => `${quoted(name)}::text as ${quoted(name)}`).join(', ') || '1';

/** Converts a row that `columnsAsText` selected. Without a row, all columns are null. */
export function toStoredRow({ columns }: TableShape, row: Record<string, unknown> = {}): StoredRow {
  const texts = columns.map(({ name }): [string, string | null] => {
    const value = row[name];
    return [name, typeof value === 'string' ? value : null];
  });
  return Object.fromEntries(texts);
}
