/** Names as PostgreSQL stores them: https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */

/** NAMEDATALEN, less the byte that ends a string. */
const NAME_BYTES = 63;

/** Cuts a long name as PostgreSQL does, between two characters. */
export function storedName(name: string): string {
  return cut(name, NAME_BYTES);
}

/** The default name of a primary key. PostgreSQL cuts the name of the table, not the ending. */
export function primaryKeyName(table: string): string {
  return `${cut(storedName(table), NAME_BYTES - '_pkey'.length)}_pkey`;
}

/** The name that drizzle-kit gives to an unnamed index. */
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
