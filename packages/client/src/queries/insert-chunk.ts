/** Writes the statements that insert the rows of a chunk in order. */
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

/** The statements for a chunk: one, unless the chunk has very many different sets of columns. */
export function insertChunk(target: Target, { rows, columns: cellsOf }: Chunk): SQL[] {
  const columns = target.columns.flatMap((written, index) => {
    const cells = cellsOf[index];
    return cells === undefined ? [] : [chunkColumn(written, cells, rows)];
  });
  if (!columns.some(({ hasMixedCells }) => hasMixedCells)) return [insertSelect(target, columns, rows)];
  return variantRuns(columns, rows).map((run) => mergeVariants(target, columns, run));
}

/** A column with a value in at least one row of the chunk. */
interface ChunkColumn extends WrittenColumn {
  /** One cell for each row. */
  readonly cells: readonly Cell[];
  /** Whether some rows take the default or an expression and other rows have a value. */
  readonly hasMixedCells: boolean;
}

function chunkColumn(written: WrittenColumn, given: readonly Cell[], rows: number): ChunkColumn {
  const missing = rows - given.length;
  const cells = missing === 0 ? given : [...given, ...Array.from({ length: missing }, () => undefined)];
  const expressions = cells.filter(isExpression).length;
  // A column without a default gets NULL.
  const takesDefault = written.column.hasDefault && cells.includes(undefined);
  return { ...written, cells, hasMixedCells: takesDefault || (expressions > 0 && expressions < rows) };
}

/**
 * The INSERT for rows with values in the same columns. It sends each column as one array parameter. PostgreSQL then parses one parameter
 * for each column, whatever the number of rows; a wide `values` list takes four times as long. `unnest` is in the select list, where
 * PostgreSQL reads the arrays in parallel; in `from`, PostgreSQL would first write each array to a temporary table. The arrays hold texts,
 * and each text is cast, because `unnest` would flatten an array of arrays.
 */
function insertSelect({ table, owner }: Target, columns: readonly ChunkColumn[], rows: number): SQL {
  const names = list([...columns.map(({ column }) => column), owner.column].map(nameOf));
  const values = list([...columns.map(valueOf), sql`${owner.value}`]);
  const hasArray = columns.some(({ cells }) => !isExpression(cells[0]));
  const source = hasArray ? sql.empty() : sql` from generate_series(1, ${rows}::int)`;
  return sql`insert into ${table} (${names}) select ${values}${source}`;
}

/** The SQL for the values of a column: one expression, which is evaluated for each row, or an array. */
function valueOf({ column, cells, hasMixedCells }: ChunkColumn): SQL {
  const [first] = cells;
  if (!hasMixedCells && isExpression(first)) return first;
  const texts = cells.map((cell) => (isExpression(cell) ? null : cell));
  return sql`unnest(${arrayText(texts)}::text[])::${castType(column)}`;
}

/** Consecutive rows that fit one statement. */
interface Run {
  readonly from: number;
  /** For each row the number of its variant, counted from 0. */
  readonly numbers: readonly number[];
  /** For each variant one row of this variant. */
  readonly examples: readonly number[];
}

/** Maximum number of column names in a statement, all variants together. */
const NAMES_MAX = 10_000;

/** Splits the rows into runs, so that the variants of each run fit one statement. */
function variantRuns(columns: readonly ChunkColumn[], rows: number): Run[] {
  const mixed = columns.filter(({ hasMixedCells }) => hasMixedCells);
  const variantsMax = Math.max(1, Math.floor(NAMES_MAX / columns.length));
  const runs: Run[] = [];
  let numbers: number[] = [];
  let known = new Map<string, { readonly number: number; readonly row: number }>();
  const end = (row: number) => {
    runs.push({ from: row - numbers.length, numbers, examples: Array.from(known.values(), (variant) => variant.row) });
    [numbers, known] = [[], new Map()];
  };
  for (let row = 0; row < rows; row += 1) {
    const id = variantOf(mixed.map(({ cells }) => cells[row]));
    if (!known.has(id) && known.size === variantsMax) end(row);
    const variant = known.get(id) ?? { number: known.size, row };
    known.set(id, variant);
    numbers.push(variant.number);
  }
  end(rows);
  return runs;
}

/**
 * A MERGE that matches no row. It has one INSERT for each set of columns, so that a column that is left out gets its default from the
 * database. It inserts the rows in order: https://www.postgresql.org/docs/current/sql-merge.html
 */
function mergeVariants(
  { table, owner }: Target,
  columns: readonly ChunkColumn[],
  { from, numbers, examples }: Run,
): SQL {
  const run = columns.map((column) => ({ ...column, cells: column.cells.slice(from, from + numbers.length) }));
  const source = list([
    sql`unnest(${arrayText(numbers.map(String))}::int[]) as variant`,
    sql`${owner.value}::${castType(owner.column)} as owner`,
    ...run.map((column, index) => sql`${valueOf(column)} as ${sourceName(index)}`),
  ]);
  const inserts = examples.map((example, number) => {
    const given = columns.flatMap(({ column, cells, hasMixedCells }, index) => {
      const cell = cells[example];
      if (hasMixedCells && cell === undefined) return [];
      return [{ name: nameOf(column), value: isExpression(cell) ? cell : sql`source.${sourceName(index)}` }];
    });
    const names = list([...given.map(({ name }) => name), nameOf(owner.column)]);
    const values = list([...given.map(({ value }) => value), sql`source.owner`]);
    return sql` when not matched and source.variant = ${sql.raw(String(number))} then insert (${names}) values (${values})`;
  });
  return sql`merge into ${table} using (select ${source}) as source on false${sql.join(inserts)}`;
}

function sourceName(index: number): SQL {
  return sql.raw(`value_${index}`);
}

function nameOf({ name }: PgColumn): SQL {
  return sql`${sql.identifier(name)}`;
}

function list(parts: readonly SQL[]): SQL {
  return sql.join([...parts], sql`, `);
}
