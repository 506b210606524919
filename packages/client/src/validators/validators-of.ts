/** Derives validators from a table: a value is accepted if and only if PostgreSQL stores and returns it unchanged. */
import { type Column, getTableColumns, getTableName } from 'drizzle-orm';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';

import { columnSchema } from './column-schema.ts';
import { CHANGES_NOTHING, hasChange } from './patch.ts';
import { type ColumnKey, type InsertKey, isServerOwned } from './server-owned.ts';
import type { Choice, Refinements, TableSchemas, Written } from './table-schemas.ts';
import * as z from './zod.ts';

/**
 * Schemas for a new row, for changes to a row and for a stored row. Each accepts Drizzle's values and their form in JSON: the text of a
 * `Date`, the digits of a `bigint`. Each returns the value that a query would return: `1.5` in a `numeric(10, 2)` becomes `1.50`. The first
 * two leave out the columns that the server fills (see `server-owned.ts`).
 *
 * A refinement extends the schema of its column and cannot remove a limit. Stored rows are not refined.
 * @throws {TypeError} for a column of an unsupported type without a schema in `refinements`.
 * @example
 * const { insert, update, select } = validatorsOf(account, { name: (derived) => derived.min(1, 'Required') });
 */
export function validatorsOf<
  T extends PgTable,
  R extends Refinements<T> = {},
  Omitted extends InsertKey<T> = never,
  Kept extends InsertKey<T> = never,
>(
  table: T,
  refinements?: R & Refinements<T> & Readonly<Record<Exclude<keyof R, ColumnKey<T>>, never>>,
  choice: Choice<Omitted, Kept> = {},
): TableSchemas<T, R, Written<T, Omitted, Kept>> {
  const anyTable: PgTable = table;
  const columns = columnSchemas(anyTable, refinements ?? {});
  const sent = sentColumns(columns, choice);

  const schemas = {
    insert: z.strictObject(fields(sent, insertField)),
    update: z.strictObject(fields(sent, ({ written }) => written.optional())).refine(hasChange, CHANGES_NOTHING),
    select: z.strictObject(fields(columns, ({ stored }) => stored)),
  };
  // Only the caller's types know these columns.
  return schemas as unknown as TableSchemas<T, R, Written<T, Omitted, Kept>>;
}

type Refine = (derived: z.ZodType) => z.ZodType;

interface ColumnSchemas {
  readonly key: string;
  readonly column: Column;
  /** Also true for each column of a composite primary key: it never takes null, though Drizzle does not mark it NOT NULL. */
  readonly isNotNull: boolean;
  /** The schema in a stored row. It takes null if the column does. */
  readonly stored: z.ZodType;
  /** The schema in a new row or a patch: refined, and null as in `stored`. */
  readonly written: z.ZodType;
}

function columnSchemas(table: PgTable, refinements: Readonly<Record<string, Refine | undefined>>): ColumnSchemas[] {
  const keyNames = new Set(
    getTableConfig(table).primaryKeys.flatMap((primaryKey) => primaryKey.columns.map(({ name }) => name)),
  );
  return Object.entries(getTableColumns(table)).map(([key, column]) => {
    const isNotNull = column.notNull || keyNames.has(column.name);
    const allowNull = (schema: z.ZodType) => (isNotNull ? schema : schema.nullable());
    const refine = refinements[key];
    const derived = columnSchema(column);
    const stored = derived ?? refine?.(z.unknown());
    if (stored === undefined) throw notHandledError(key, column);
    const written = derived === undefined ? stored : applyRefinement(refine, derived);
    return { key, column, isNotNull, stored: allowNull(stored), written: allowNull(written) };
  });
}

/** Applies the limits of the derived schema after the refinement, whatever the refinement does. */
function applyRefinement(refine: Refine | undefined, derived: z.ZodType): z.ZodType {
  const refined = refine?.(derived) ?? derived;
  return refined === derived ? derived : refined.pipe(derived);
}

function notHandledError(key: string, column: Column): TypeError {
  const message =
    `No validator can be derived for the column "${column.name}" of the table "${getTableName(column.table)}": its type, ` +
    `${column.getSQLType()} (${column.columnType}), is not handled. Give it a schema in the refinements: ` +
    `validatorsOf(table, { ${key}: () => schema }).`;
  return new TypeError(message);
}

/** The columns that callers send. `keep` cannot add a column that PostgreSQL does not allow anyone to write. */
function sentColumns(columns: readonly ColumnSchemas[], { omit = [], keep = [] }: Choice<string, string>) {
  return columns.filter(
    ({ key, column }) => !omit.includes(key) && !isGenerated(column) && (!isServerOwned(column) || keep.includes(key)),
  );
}

function isGenerated({ generated, generatedIdentity }: Column): boolean {
  return generated?.type === 'always' || generatedIdentity?.type === 'always';
}

/** The fields of an object schema: one for each column, under its key. */
function fields(columns: readonly ColumnSchemas[], fieldOf: (column: ColumnSchemas) => z.ZodType) {
  return Object.fromEntries(columns.map((column) => [column.key, fieldOf(column)]));
}

function insertField({ column, isNotNull, written }: ColumnSchemas): z.ZodType {
  return !isNotNull || column.hasDefault ? written.optional() : written;
}
