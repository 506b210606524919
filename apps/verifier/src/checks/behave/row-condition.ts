/** The condition that finds a row, with or without a primary key. */
import type { StoredRow, TableShape } from '@todo/migrator/rows';

import { conditionSql } from '../../sql-text.ts';

/** An SQL condition on the primary key; without one, on all columns but the `changed` ones. `true` if no column remains. */
export function rowCondition(shape: TableShape, row: StoredRow, changed: readonly string[] = []): string {
  const unchanged = shape.columns.map(({ name }) => name).filter((name) => !changed.includes(name));
  return conditionSql(shape.primaryKey.length > 0 ? shape.primaryKey : unchanged, row) || 'true';
}
