/** Reads a result whose rows are PostgreSQL's bytes, because most values are only copied to the response. */
import type { CommandTag } from '../wire/command-tag.ts';
import { HEADER_BYTES, lengthInHeader } from '../wire/messages.ts';
import type { Field } from '../wire/row-description.ts';

export interface RawResult extends CommandTag {
  readonly fields: readonly Field[];
  readonly rows: readonly RowPage[];
}

/** Consecutive DataRow messages. */
export interface RowPage {
  readonly bytes: Buffer;
  readonly start: number;
  end: number;
}

/** The positions of a row's values, from `starts[column]` to `ends[column]`. The start of a NULL is -1. Valid until the next row. */
export interface RowCells {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Calls back for each row with the bytes and the positions of its values in them. */
export function forEachRow({ fields, rows }: RawResult, onRow: (bytes: Buffer, cells: RowCells) => void): void {
  const cells = { starts: new Int32Array(fields.length), ends: new Int32Array(fields.length) };
  const { starts, ends } = cells;
  for (const { bytes, start, end } of rows) {
    for (let row = start; row < end; row += lengthInHeader(bytes, row)) {
      // The values follow the number of columns, which equals the number of fields.
      let position = row + HEADER_BYTES + 2;
      for (let column = 0; column < fields.length; column += 1) {
        const length = bytes.readInt32BE(position);
        position += 4;
        starts[column] = length < 0 ? -1 : position;
        position += Math.max(0, length);
        ends[column] = position;
      }
      onRow(bytes, cells);
    }
  }
}

export function rowBytesOf({ rows }: RawResult): number {
  return rows.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** The values of all rows as texts. */
export function cellTexts(result: RawResult): (string | null)[][] {
  const texts: (string | null)[][] = [];
  forEachRow(result, (bytes, { starts, ends }) => {
    texts.push(Array.from(starts, (start, column) => (start < 0 ? null : bytes.toString('utf8', start, ends[column]))));
  });
  return texts;
}
