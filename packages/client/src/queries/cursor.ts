/** Encodes a cursor, the position where a page ended, as a text that needs no escaping in a URL. */

/** A cursor was modified, or it belongs to another list: another table, owner or order. */
export class CursorError extends Error {
  override readonly name = 'CursorError';
  readonly code = 'CURSOR_INVALID';

  constructor() {
    super(
      'This cursor is not from a page of this list: it was changed, or belongs to another owner or order. Request the first page.',
    );
  }
}

/**
 * Encodes the end of a page of `list`, which is the id of its last row. A cursor is not secret and not signed. A query is limited to its
 * owner whatever the cursor says, so a forged cursor only selects another position in the same owner's list.
 */
export function encodeCursor(list: readonly string[], lastId: string): string {
  const bytes = new TextEncoder().encode(JSON.stringify([...list, lastId]));
  return btoa(String.fromCodePoint(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** The id of the last row of the previous page. @throws {CursorError} unless `encodeCursor` returns exactly this text for this list. */
export function decodeCursor(list: readonly string[], cursor: unknown): string {
  const lastId = typeof cursor === 'string' ? readLastId(cursor) : undefined;
  if (typeof lastId !== 'string' || encodeCursor(list, lastId) !== cursor) throw new CursorError();
  return lastId;
}

/** The last element of the encoded list; undefined for a text that is no cursor. */
function readLastId(cursor: string): unknown {
  try {
    const bytes = Uint8Array.from(
      atob(cursor.replaceAll('-', '+').replaceAll('_', '/')),
      (character) => character.codePointAt(0) ?? 0,
    );
    const decoded: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return Array.isArray(decoded) ? decoded.at(-1) : undefined;
  } catch {
    return undefined;
  }
}
