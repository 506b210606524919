/** Collects rows into column arrays of a bounded size. */
import type { Cell, RowReader } from './row-reader.ts';

export type ManyRows<Row extends object = object> = Iterable<Row> | AsyncIterable<Row>;

export interface Chunk {
  readonly rowCount: number;
  /** For each column of the reader: its cells, or undefined when no row has a value. The array may end early: the further rows have no value. */
  readonly columns: readonly (readonly Cell[] | undefined)[];
}

export interface Bounds {
  readonly rowsMax: number;
  /** Maximum size of all rows together. A single larger row becomes a chunk of its own. */
  readonly sizeMax: number;
  readonly sizeOf: (cells: readonly Cell[]) => number;
}

/** Yields chunks with as many rows as fit. No chunk is empty. @throws {TypeError} for rows that cannot be iterated. */
export async function* chunksOf(
  rows: ManyRows,
  { columns, read }: RowReader,
  { rowsMax, sizeMax, sizeOf }: Bounds,
): AsyncGenerator<Chunk, void, void> {
  requireIterable(rows);
  let chunk = new GrowingChunk(columns.length);
  let size = 0;
  for await (const row of rows) {
    const cells = read(row);
    const rowSize = sizeOf(cells);
    if (chunk.rowCount === rowsMax || (size + rowSize > sizeMax && chunk.rowCount > 0)) {
      yield chunk;
      chunk = new GrowingChunk(columns.length);
      size = 0;
    }
    size += rowSize;
    chunk.add(cells);
  }
  if (chunk.rowCount > 0) yield chunk;
}

function requireIterable(rows: unknown): void {
  const { [Symbol.iterator]: iterator, [Symbol.asyncIterator]: asyncIterator } = Object(rows);
  if (typeof iterator === 'function' || typeof asyncIterator === 'function') return;
  throw new TypeError('The rows must be an array, or another iterable or async iterable.');
}

class GrowingChunk implements Chunk {
  rowCount = 0;
  readonly columns: (Cell[] | undefined)[];

  constructor(columns: number) {
    this.columns = Array.from({ length: columns });
  }

  add(cells: readonly Cell[]): void {
    for (let index = 0; index < cells.length; index += 1) {
      const cell = cells[index];
      if (cell === undefined) continue;
      const column = (this.columns[index] ??= []);
      // The rows before may have no value in this column.
      while (column.length < this.rowCount) column.push(undefined);
      column.push(cell);
    }
    this.rowCount += 1;
  }
}
