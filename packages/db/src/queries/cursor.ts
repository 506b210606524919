/** Where a page of todos ended, as a text that only the same list takes back. */

export type Order = 'newest' | 'oldest';

/** What a page belongs to. */
export interface PagedList {
  readonly userId: number;
  readonly order: Order;
}

/** A cursor was changed on its way, or comes from a list of another user or in another order. */
export class CursorError extends Error {
  override readonly name = 'CursorError';
  readonly code = 'CURSOR_INVALID';

  constructor() {
    super(
      'This cursor is not from a page of this list: it was changed, or is of another user or order. Ask for the first page.',
    );
  }
}

/** The page ended with this todo. */
export function encodeCursor({ userId, order }: PagedList, lastId: number): string {
  const place = `${order} ${userId} ${lastId}`;
  return btoa(`${place} ${checksum(place)}`)
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/**
 * The id with which the page before ended.
 *
 * The checksum finds out what was changed by accident or by trying. Whoever reads this file can make a cursor with the right
 * one, and gains nothing: a query is bound to its owner whatever its cursor says, so that it leads to another place in one's own list.
 * @throws {CursorError}
 */
export function decodeCursor(list: PagedList, cursor: string): number {
  const lastId = Number(textOf(cursor).split(' ')[2]);
  // What is not exactly what would be handed out, in another spelling say, was not handed out.
  if (!Number.isInteger(lastId) || encodeCursor(list, lastId) !== cursor) throw new CursorError();
  return lastId;
}

function textOf(cursor: string): string {
  try {
    return atob(cursor.replaceAll('-', '+').replaceAll('_', '/'));
  } catch {
    throw new CursorError();
  }
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/ */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(36);
}
