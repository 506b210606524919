/** The statements that add the rows of a chunk, in their order. */
import { type SQL, sql } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';

import { arrayText } from './array-text.ts';
import { castType } from './cast-type.ts';
import type { Chunk } from './chunks.ts';
import type { Cell, WrittenColumn } from './row-reader.ts';
import { isExpression } from './variant.ts';

/** Where the rows go, and whose they are. */
export interface Target {
  readonly table: PgTable;
  readonly columns: readonly WrittenColumn[];
  readonly owner: { readonly column: PgColumn; readonly value: string };
}

/**
 * One statement; several where rows differ in which columns take their default. Only a `values` list can say `default`, and it needs
 * a parameter for each value, of which a statement takes 65,535.
 */
export function insertChunk(target: Target, chunk: Chunk): SQL[] {
  const columns = chunkColumns(target.columns, chunk);
  if (columns.every(({ kind }) => kind !== 'mixed')) return [insertArrays(target, columns, chunk.rows)];
  const rowsMax = Math.max(1, Math.floor(CELLS_MAX / (columns.length + 1)));
  const starts = Array.from({ length: Math.ceil(chunk.rows / rowsMax) }, (_, n) => n * rowsMax);
  return starts.map((from) => insertValues(target, columns, from, Math.min(from + rowsMax, chunk.rows)));
}

/** Drizzle passes parameters as the arguments of a function: the stack has room for so many. */
const CELLS_MAX = 20_000;

interface ChunkColumn extends WrittenColumn {
  /** `array`: each row has a value, or null where there is no default; `expression`: each row has one; `mixed`: neither. */
  readonly kind: 'array' | 'expression' | 'mixed';
  readonly cells: readonly Cell[];
}

function chunkColumns(columns: readonly WrittenColumn[], { rows, columns: cellsOf }: Chunk): ChunkColumn[] {
  return columns.flatMap((written, index) => {
    const cells = cellsOf[index];
    return cells === undefined ? [] : [{ ...written, cells, kind: kindOf(written, cells, rows) }];
  });
}

function kindOf({ column }: WrittenColumn, cells: readonly Cell[], rows: number): ChunkColumn['kind'] {
  const expressions = cells.reduce((count, cell) => (isExpression(cell) ? count + 1 : count), 0);
  if (expressions > 0) return expressions === rows ? 'expression' : 'mixed';
  const isComplete = cells.length === rows && !cells.includes(undefined);
  return isComplete || !column.hasDefault ? 'array' : 'mixed';
}

/**
 * Columns as arrays: PostgreSQL parses a parameter for each column however many rows there are, and a wide `values` list costs it
 * twice as much. In the select list they are walked through side by side; in `from`, PostgreSQL would first write each down as a table.
 * They are arrays of texts, each of which is cast: `unnest` would take an array of arrays apart.
 */
function insertArrays(target: Target, columns: readonly ChunkColumn[], rows: number): SQL {
  const values = columns.map(({ column, cells, kind }) =>
    // The same expression for each row, evaluated for each.
    kind === 'expression' ? sql`${cells[0]}` : sql`unnest(${arrayOf(cells, rows)}::text[])::${castType(column)}`,
  );
  const hasArray = columns.some(({ kind }) => kind === 'array');
  const source = hasArray ? sql.empty() : sql` from generate_series(1, ${rows}::int)`;
  return sql`${insertInto(target, columns)} select ${sql.join([...values, target.owner.value], sql`, `)}${source}`;
}

function arrayOf(cells: readonly Cell[], rows: number): string {
  return arrayText(Array.from({ length: rows }, (_, row) => textOf(cells[row])));
}

function textOf(cell: Cell): string | null {
  return cell === undefined || isExpression(cell) ? null : cell;
}

function insertValues(target: Target, columns: readonly ChunkColumn[], from: number, to: number): SQL {
  const rows: SQL[] = [];
  for (let row = from; row < to; row += 1) {
    const cells = columns.map(({ cells: { [row]: cell } }) => (cell === undefined ? sql`default` : sql`${cell}`));
    rows.push(sql`(${sql.join([...cells, target.owner.value], sql`, `)})`);
  }
  return sql`${insertInto(target, columns)} values ${sql.join(rows, sql`, `)}`;
}

function insertInto({ table, owner }: Target, columns: readonly WrittenColumn[]): SQL {
  const names = [...columns.map(({ column }) => column), owner.column].map(({ name }) => sql.identifier(name));
  return sql`insert into ${table} (${sql.join(names, sql`, `)})`;
}
