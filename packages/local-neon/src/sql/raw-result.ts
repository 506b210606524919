/**
 * A statement's result with its values as PostgreSQL sent them: what both of Neon's result modes are written from. The rows
 * stay bytes, for most of them only pass from one connection to another.
 */
export interface RawResult {
  readonly fields: readonly Field[];
  readonly rows: readonly RowPage[];
  /** First word of the command tag; "" for an empty statement. */
  readonly command: string;
  /** The count in the command tag; null where it has none. */
  readonly rowCount: number | null;
}

/** A column, under the names of Neon's answer. */
export interface Field {
  readonly name: string;
  readonly dataTypeID: number;
  readonly tableID: number;
  readonly columnID: number;
  readonly dataTypeSize: number;
  readonly dataTypeModifier: number;
  readonly format: 'text';
}

/** DataRow messages, one behind the other. */
export interface RowPage {
  readonly bytes: Buffer;
  readonly start: number;
  end: number;
}

/** Where a row's values are: from `starts[column]` to `ends[column]`; null has a negative start. Valid until the next row. */
export interface RowCells {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

/** Calls back for each row with the bytes and where its values lie in them. */
export function forEachRow({ fields, rows }: RawResult, onRow: (bytes: Buffer, cells: RowCells) => void): void {
  const cells = { starts: new Int32Array(fields.length), ends: new Int32Array(fields.length) };
  const { starts, ends } = cells;
  for (const { bytes, start, end } of rows) {
    for (let row = start; row < end; row += 1 + bytes.readUInt32BE(row + 1)) {
      // Behind the header and the number of columns, which is that of the fields.
      let at = row + 7;
      for (let column = 0; column < fields.length; column += 1) {
        const length = bytes.readInt32BE(at);
        at += 4;
        starts[column] = length < 0 ? -1 : at;
        at += Math.max(0, length);
        ends[column] = at;
      }
      onRow(bytes, cells);
    }
  }
}

export function rowBytesOf({ rows }: RawResult): number {
  return rows.reduce((sum, { start, end }) => sum + end - start, 0);
}

/** The values as strings, for those who must read them. */
export function cellTexts(result: RawResult): (string | null)[][] {
  const texts: (string | null)[][] = [];
  forEachRow(result, (bytes, { starts, ends }) => {
    texts.push(
      result.fields.map((_, column) =>
        starts[column]! < 0 ? null : bytes.toString('utf8', starts[column], ends[column]),
      ),
    );
  });
  return texts;
}

/** `INSERT 0 5`, `SELECT 5`, `CREATE TABLE`: https://www.postgresql.org/docs/current/protocol-message-formats.html */
export function parseTag(tag: string): Pick<RawResult, 'command' | 'rowCount'> {
  const words = tag.split(' ');
  const count = words.at(-1) ?? '';
  return { command: words[0] ?? '', rowCount: /^\d+$/.test(count) ? Number(count) : null };
}
