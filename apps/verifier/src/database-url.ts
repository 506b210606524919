/** Reads and replaces the name of the database in a connection string. */

export function databaseName(url: string): string {
  return decodeURIComponent(new URL(url.trim()).pathname.slice(1));
}

/** The connection string of another database on the same server. */
export function replaceDatabase(url: string, database: string): string {
  const other = new URL(url.trim());
  other.pathname = encodeURIComponent(database);
  return other.href;
}

/** A database that is open until `close`. */
export interface OpenDatabase {
  readonly url: string;
  readonly close: () => Promise<void>;
}
