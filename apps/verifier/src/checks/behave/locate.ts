/** A row that was made here, found again whatever its keys are. */
import type { StoredRow, TableShape } from '@todo/migrator/rows';

import { whereText } from '../../sql-text.ts';

/** An SQL condition: its primary key; without one all columns, but for those that may have changed. */
export function conditionOf(shape: TableShape, row: StoredRow, changed: readonly string[] = []): string {
  const all = shape.columns.map(({ name }) => name).filter((name) => !changed.includes(name));
  return whereText(shape.primaryKey.length > 0 ? shape.primaryKey : all, row) || 'true';
}
