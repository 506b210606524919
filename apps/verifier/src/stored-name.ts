/** Names as PostgreSQL stores them: https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */

/** NAMEDATALEN, less the byte that ends a string. */
const NAME_BYTES = 63;

/** A longer name is cut, between two characters. */
export function storedName(name: string): string {
  return cut(name, NAME_BYTES);
}

/** The primary key that stands beside its column: PostgreSQL cuts the table's name rather than the ending. */
export function primaryKeyName(table: string): string {
  return `${cut(storedName(table), NAME_BYTES - '_pkey'.length)}_pkey`;
}

/** As drizzle-kit names an index that has no name. */
export function columnsName(table: string, columns: readonly string[], ending: string): string {
  return `${table}_${columns.join('_')}_${ending}`;
}

function cut(name: string, bytes: number): string {
  let kept = '';
  for (const character of name) {
    if (Buffer.byteLength(kept + character) > bytes) break;
    kept += character;
  }
  return kept;
}
