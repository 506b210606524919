/** Where a page ended, as a text that stands in a URL as it is. */

/** A cursor was changed on its way, or comes from another list: of another table, of another owner, or in another order. */
export class CursorError extends Error {
  override readonly name = 'CursorError';
  readonly code = 'CURSOR_INVALID';

  constructor() {
    super(
      'This cursor is not from a page of this list: it was changed, or is of another owner or order. Ask for the first page.',
    );
  }
}

/**
 * The page of `list` ended with the row of this id. A cursor is no secret and not signed: a query is bound to its owner whatever its
 * cursor says, so that a forged one leads to another place in the forger's own list.
 */
export function encodeCursor(list: readonly string[], lastId: string): string {
  const bytes = new TextEncoder().encode(JSON.stringify([...list, lastId]));
  return btoa(String.fromCodePoint(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/**
 * The id with which the page before ended.
 * @throws {CursorError} for whatever `encodeCursor` does not give for this list, in another spelling say.
 */
export function decodeCursor(list: readonly string[], cursor: unknown): string {
  const lastId = typeof cursor === 'string' ? lastOf(cursor) : undefined;
  if (typeof lastId !== 'string' || encodeCursor(list, lastId) !== cursor) throw new CursorError();
  return lastId;
}

function lastOf(cursor: string): unknown {
  try {
    const bytes = Uint8Array.from(
      atob(cursor.replaceAll('-', '+').replaceAll('_', '/')),
      (byte) => byte.codePointAt(0) ?? 0,
    );
    const decoded: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(decoded) ? decoded.at(-1) : undefined;
  } catch {
    return undefined;
  }
}
