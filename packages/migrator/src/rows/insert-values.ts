/** Inserts a row with the given values only. */
import type { Session } from '@todo/client/session';
import { quoted } from '../catalog/quoted.ts';
import type { RowValues, StoredRow } from './row-maker-state.ts';
import type { TableName, TableShape } from './table-shape.ts';

/** Inserts the values. @throws PostgreSQL's error. */
export async function insertValues(session: Session, table: TableShape, values: RowValues): Promise<StoredRow> {
  const columns = Object.keys(values);
  const isOverriding = table.columns.some(({ name, identity }) => identity === 'always' && name in values);
  const target = `insert into ${tableSql(table)}`;
  const source =
    columns.length === 0
      ? 'default values'
      : `(${columns.map(quoted).join(', ')})${isOverriding ? ' overriding system value' : ''} values (${columns
          .map((_, index) => `$${index + 1}`)
          .join(', ')})`;
  const { rows } = await session.query(`${target} ${source} returning ${columnsAsText(table)}`, Object.values(values));
  return toStoredRow(table, rows[0]);
}

export const tableSql = ({ schema, name }: TableName): string => `${quoted(schema)}.${quoted(name)}`;

/** The name of a constraint for SET CONSTRAINTS. */
export const constraintSql = ({ schema }: TableName, name: string): string => `${quoted(schema)}.${quoted(name)}`;

/** SQL that selects all columns, each as PostgreSQL's text. */
export const columnsAsText = ({ columns }: TableShape): string =>
  columns.map(({ name }) => `${quoted(name)}::text as ${quoted(name)}`).join(', ') || '1';

export function toStoredRow({ columns }: TableShape, row: Record<string, unknown> = {}): StoredRow {
  const texts = columns.map(({ name }): [string, string | null] => {
    const value = row[name];
    return [name, typeof value === 'string' ? value : null];
  });
  return Object.fromEntries(texts);
}
