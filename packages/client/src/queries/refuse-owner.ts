/** Refuses a new row whose owner cannot exist: an id of `NaN`, or an id outside the range of its column. */
import { getTableName } from 'drizzle-orm';
import { getTableConfig, type PgColumn, type PgTable } from 'drizzle-orm/pg-core';

import type { ConstraintErrors } from '../errors/constraint-errors.ts';
import { serverError } from '../errors/server-failure.ts';
import { notStorableError } from './column-error.ts';

/** Throws PostgreSQL's error for an owner who does not exist: a {DatabaseError}, or a {ColumnError} for a column without a foreign key. */
export function refuseOwner(table: PgTable, column: PgColumn, constraintErrors: ConstraintErrors = {}): never {
  const { name } = column;
  const foreignKey = getTableConfig(table).foreignKeys.find((key) => {
    const [first, ...others] = key.reference().columns;
    return first?.name === name && others.length === 0;
  });
  if (foreignKey === undefined) throw notStorableError(column, 'cannot be stored in the column');
  const constraint = foreignKey.getName();
  const violation = {
    from: 'server',
    code: '23503', // foreign_key_violation
    // A message that begins with `update or delete` would mean a row that others refer to.
    message: '',
    constraint,
    table: getTableName(table),
    column: undefined,
    columns: [name],
    position: undefined,
    isRaised: false,
  } as const;
  throw serverError(violation, true, constraintErrors);
}
