/** Writes the statements that insert the rows of a chunk in order. Rows with values in the same columns are one variant (see `variant.ts`). */
import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

import { arrayText } from './array-text.ts';
import { castType } from './cast-type.ts';
import type { Chunk } from './chunks.ts';
import type { Cell, WrittenColumn } from './row-reader.ts';
import { isExpression, variantOf } from './variant.ts';

/** The table and the owner of the inserted rows. */
export interface Target {
  readonly table: PgTable;
  readonly columns: readonly WrittenColumn[];
  readonly owner: { readonly column: PgColumn; readonly value: string };
}

/** The statements for a chunk: one, unless the chunk has very many variants. */
export function insertChunk(target: Target, { rowCount, columns: cellsOf }: Chunk): SQL[] {
  const columns = target.columns.flatMap((written, index) => {
    const cells = cellsOf[index];
    return cells === undefined ? [] : [chunkColumn(written, cells, rowCount)];
  });
  if (!columns.some(({ hasMixedCells }) => hasMixedCells)) return [insertSelect(target, columns, rowCount)];
  return variantRuns(columns, rowCount).map((run) => mergeVariants(target, columns, run));
}

/** A column with a value in at least one row of the chunk. */
interface ChunkColumn extends WrittenColumn {
  /** One cell for each row. */
  readonly cells: readonly Cell[];
  /** Whether some rows take the default or an expression and other rows have a value. */
  readonly hasMixedCells: boolean;
}

function chunkColumn(written: WrittenColumn, firstCells: readonly Cell[], rowCount: number): ChunkColumn {
  const missing = rowCount - firstCells.length;
  const cells = missing === 0 ? firstCells : [...firstCells, ...Array.from({ length: missing }, () => undefined)];
  const expressions = cells.filter(isExpression).length;
  // A column without a default gets NULL.
  const takesDefault = written.column.hasDefault && cells.includes(undefined);
  return { ...written, cells, hasMixedCells: takesDefault || (expressions > 0 && expressions < rowCount) };
}

/**
 * The INSERT for rows with values in the same columns. It sends each column as one array parameter. PostgreSQL then parses one parameter
 * for each column, whatever the number of rows; a wide `values` list takes four times as long. `unnest` is in the select list, where
 * PostgreSQL reads the arrays side by side: one element of each array per row. In `from`, PostgreSQL would first write each array to a
 * temporary table. The arrays hold texts, and each text is cast, because `unnest` would flatten an array of arrays.
 */
function insertSelect({ table, owner }: Target, columns: readonly ChunkColumn[], rowCount: number): SQL {
  const names = commaList([...columns.map(({ column }) => column), owner.column].map(nameOf));
  const values = commaList([...columns.map(columnValues), sql`${owner.value}`]);
  const hasArray = columns.some(({ cells }) => !isExpression(cells[0]));
  // If every column is an expression, no array determines the number of rows.
  const source = hasArray ? sql.empty() : sql` from generate_series(1, ${rowCount}::int)`;
  return sql`insert into ${table} (${names}) select ${values}${source}`;
}

/** The SQL for the values of a column: one expression, which is evaluated for each row, or an array. */
function columnValues({ column, cells, hasMixedCells }: ChunkColumn): SQL {
  const [first] = cells;
  if (!hasMixedCells && isExpression(first)) return first;
  // An expression has no text. The INSERT of its variant contains the expression itself.
  const texts = cells.map((cell) => (isExpression(cell) ? null : cell));
  return sql`unnest(${arrayText(texts)}::text[])::${castType(column)}`;
}

/** Consecutive rows of a chunk that fit one statement. */
interface RowRun {
  /** The index of the first row. */
  readonly start: number;
  /** For each row the number of its variant, counted from 0. */
  readonly variantNumbers: readonly number[];
  /** For each variant the index of one of its rows. */
  readonly exampleRows: readonly number[];
}

/** Maximum number of column names in a statement, all variants together. */
const NAMES_MAX = 10_000;

/** Splits the rows into runs, so that the variants of each run fit one statement. */
function variantRuns(columns: readonly ChunkColumn[], rowCount: number): RowRun[] {
  const mixed = columns.filter(({ hasMixedCells }) => hasMixedCells);
  const variantsMax = Math.max(1, Math.floor(NAMES_MAX / columns.length));
  const runs: RowRun[] = [];
  let variantNumbers: number[] = [];
  let variants = new Map<string, { readonly number: number; readonly exampleRow: number }>();
  /** Ends the run before the row `end`. */
  const endRun = (end: number) => {
    const exampleRows = Array.from(variants.values(), ({ exampleRow }) => exampleRow);
    runs.push({ start: end - variantNumbers.length, variantNumbers, exampleRows });
    [variantNumbers, variants] = [[], new Map()];
  };
  for (let row = 0; row < rowCount; row += 1) {
    const id = variantOf(mixed.map(({ cells }) => cells[row]));
    if (!variants.has(id) && variants.size === variantsMax) endRun(row);
    const variant = variants.get(id) ?? { number: variants.size, exampleRow: row };
    variants.set(id, variant);
    variantNumbers.push(variant.number);
  }
  endRun(rowCount);
  return runs;
}

/**
 * A MERGE that matches no row. It has one INSERT for each variant, so that a column that is left out gets its default from the database. It
 * inserts the rows in order: https://www.postgresql.org/docs/current/sql-merge.html
 */
function mergeVariants(
  { table, owner }: Target,
  columns: readonly ChunkColumn[],
  { start, variantNumbers, exampleRows }: RowRun,
): SQL {
  const end = start + variantNumbers.length;
  const runColumns = columns.map((column) => ({ ...column, cells: column.cells.slice(start, end) }));
  const source = commaList([
    sql`unnest(${arrayText(variantNumbers.map(String))}::int[]) as variant`,
    sql`${owner.value}::${castType(owner.column)} as owner`,
    ...runColumns.map((column, index) => sql`${columnValues(column)} as ${sourceColumn(index)}`),
  ]);
  const inserts = exampleRows.map((exampleRow, number) => {
    const assigned = columns.flatMap(({ column, cells, hasMixedCells }, index) => {
      const cell = cells[exampleRow];
      if (hasMixedCells && cell === undefined) return [];
      return [{ name: nameOf(column), value: isExpression(cell) ? cell : sql`source.${sourceColumn(index)}` }];
    });
    const names = commaList([...assigned.map(({ name }) => name), nameOf(owner.column)]);
    const values = commaList([...assigned.map(({ value }) => value), sql`source.owner`]);
    return sql` when not matched and source.variant = ${sql.raw(String(number))} then insert (${names}) values (${values})`;
  });
  return sql`merge into ${table} using (select ${source}) as source on false${sql.join(inserts)}`;
}

function sourceColumn(index: number): SQL {
  return sql.raw(`value_${index}`);
}

function nameOf({ name }: PgColumn): SQL {
  return sql`${sql.identifier(name)}`;
}

function commaList(parts: readonly SQL[]): SQL {
  return sql.join([...parts], sql`, `);
}
