/** The error for a row that cannot be created. Its message contains names of the schema and SQLSTATEs, and no value. */
import { isSqlState } from '@todo/client/errors';
import { z } from 'zod';

import {
  CHECK_VIOLATION,
  EXCLUSION_VIOLATION,
  FOREIGN_KEY_VIOLATION,
  NOT_NULL_VIOLATION,
  UNIQUE_VIOLATION,
} from './constraint-violations.ts';
import { displayName, type TableName } from './table-shape.ts';

export interface RowErrorOptions extends ErrorOptions {
  readonly constraint?: string | undefined;
  readonly column?: string | undefined;
  readonly sqlState?: string | undefined;
}

/** PostgreSQL refuses each row that was tried, or no row can be composed. */
export class RowError extends Error {
  override readonly name = 'RowError';
  readonly code = 'ROW_NOT_MADE';
  readonly table: string;
  readonly constraint: string | undefined;
  readonly column: string | undefined;
  readonly sqlState: string | undefined;

  constructor(table: TableName, reason: string, { constraint, column, sqlState, cause }: RowErrorOptions = {}) {
    super(`Could not insert a row into ${displayName(table)}: ${reason}`, { cause });
    this.table = displayName(table);
    this.constraint = constraint;
    this.column = column;
    this.sqlState = sqlState;
  }
}

/** The fields of PostgreSQL's error. */
const RefusedRow = z.object({
  code: z.string().refine(isSqlState),
  constraint: z.string().optional(),
  column: z.string().optional(),
});

const INSUFFICIENT_PRIVILEGE = '42501';

/** SQLSTATEs that are not caused by the row, but by the connection, the transaction's state, a lock, a limit or the server. */
const UNRELATED_SQL_STATE = /^(?:08|25|40|53|55P03|57|58|XX)/;

/** Converts PostgreSQL's error into a `RowError`. @throws the error itself if it does not refuse a row. */
export function toRowError(table: TableName, error: unknown): RowError {
  if (error instanceof RowError) return error;
  const { data: refusal } = RefusedRow.safeParse(error);
  if (refusal === undefined || UNRELATED_SQL_STATE.test(refusal.code)) throw error;
  const { code: sqlState, constraint, column } = refusal;
  return new RowError(table, reasonOf(refusal), { constraint, column, sqlState, cause: error });
}

export const SAMPLE_REMEDY = 'Declare a sample row of this table: `pnpm verify` and `pnpm db:seed` use its values.';

function reasonOf({ code, constraint, column }: z.infer<typeof RefusedRow>): string {
  const name = constraint === undefined ? '' : ` ${constraint}`;
  switch (code) {
    case NOT_NULL_VIOLATION:
      return `column ${column ?? 'unknown'} must not be null. ${SAMPLE_REMEDY}`;
    case FOREIGN_KEY_VIOLATION:
      return `the foreign key${name} found no row to refer to.`;
    case UNIQUE_VIOLATION:
      return `each of the tried values exists already under the unique key${name}. ${SAMPLE_REMEDY}`;
    case EXCLUSION_VIOLATION:
      return `each of the tried values conflicts with the exclusion constraint${name}. ${SAMPLE_REMEDY}`;
    case CHECK_VIOLATION:
      return `none of the tried values satisfies the CHECK constraint${name}. ${SAMPLE_REMEDY}`;
    case INSUFFICIENT_PRIVILEGE:
      return `row security or a missing privilege refuses the row (SQLSTATE 42501, insufficient_privilege).`;
    default:
      return `PostgreSQL refuses the row with SQLSTATE ${code}: a trigger, a function or a type can cause that. ${SAMPLE_REMEDY}`;
  }
}
