/** Names as PostgreSQL stores them: https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS */

/** NAMEDATALEN, less the byte that ends a string. */
const NAME_BYTES = 63;

/** The default name of a table's primary key. PostgreSQL truncates the name of the table, not the ending. */
export function primaryKeyName(table: string): string {
  return `${storedName(table, NAME_BYTES - '_pkey'.length)}_pkey`;
}

/** Truncates a long name as PostgreSQL does, between two characters. */
export function storedName(name: string, bytes = NAME_BYTES): string {
  let stored = '';
  for (const character of name) {
    if (Buffer.byteLength(stored + character) > bytes) break;
    stored += character;
  }
  return stored;
}
