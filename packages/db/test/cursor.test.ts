/** A cursor leads on in the list that it comes from, and nowhere else. */
import { testBranch } from '@todo/local-neon/vitest';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { connectHttp } from '../src/index.ts';
import { decodeCursor, encodeCursor, type PagedList } from '../src/queries/cursor.ts';
import { CursorError, todosOf, users } from '../src/queries/index.ts';

const int4 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const lists = fc.record<PagedList>({ userId: int4, order: fc.constantFrom('newest', 'oldest') });
const accepts = (list: PagedList, cursor: string) => {
  try {
    decodeCursor(list, cursor);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(CursorError);
    return false;
  }
};

test('leads to where the page ended', () => {
  fc.assert(
    fc.property(lists, int4, (list, id) => {
      expect(decodeCursor(list, encodeCursor(list, id))).toBe(id);
    }),
  );
});

test('stands in a URL as it is', () => {
  fc.assert(
    fc.property(lists, int4, (list, id) => {
      expect(encodeCursor(list, id)).toMatch(/^[\w-]+$/);
    }),
  );
});

describe('is refused', () => {
  test('with any one character changed, left out or added', () => {
    const base64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= ';
    const list: PagedList = { userId: 42, order: 'newest' };
    const cursor = encodeCursor(list, 4_711);
    const changed = Array.from(cursor, (_, at) => {
      const [before, after] = [cursor.slice(0, at), cursor.slice(at + 1)];
      const others = Array.from(base64, (character) => [
        before + character + after,
        before + character + cursor.slice(at),
      ]);
      return [before + after, others].flat(2);
    }).flat();
    expect(changed.filter((text) => text !== cursor && accepts(list, text))).toEqual([]);
  });

  test('whatever else it is', () => {
    const made = fc.tuple(fc.constantFrom('newest', 'oldest', ''), int4, fc.oneof(int4, fc.string()), fc.string());
    fc.assert(
      fc.property(
        lists,
        fc.oneof(
          fc.string(),
          made.map((parts) => btoa(unescape(encodeURIComponent(parts.join(' '))))),
        ),
        (list, text) => {
          expect(accepts(list, text)).toBe(false);
        },
      ),
    );
  });

  test('when somebody who has read how it is made puts no id into it', () => {
    const list: PagedList = { userId: 42, order: 'newest' };
    for (const id of [Number.NaN, 1.5, Number.POSITIVE_INFINITY]) {
      expect(accepts(list, encodeCursor(list, id))).toBe(false);
    }
  });

  test('in the list of another user, or in another order', () => {
    fc.assert(
      fc.property(lists, lists, int4, (list, other, id) => {
        fc.pre(list.userId !== other.userId || list.order !== other.order);
        expect(accepts(other, encodeCursor(list, id))).toBe(false);
      }),
    );
  });

  test('before anything is asked of the database, with a code and the remedy', async () => {
    const { url } = await testBranch();
    const sent: string[] = [];
    const db = connectHttp(url, { logger: ({ statement }) => void sent.push(statement) });
    const [ada, eve] = await Promise.all(
      ['ada', 'eve'].map((name) => users(db).create({ email: `${name}@example.com`, hashedPassword: 'h' })),
    );
    await todosOf(db, ada!.id).createMany([{ title: 'a' }, { title: 'b' }]);
    const { nextCursor } = await todosOf(db, ada!.id).list({ limit: 1 });
    sent.length = 0;
    await expect(todosOf(db, eve!.id).list({ cursor: nextCursor })).rejects.toMatchObject({
      code: 'CURSOR_INVALID',
      message: expect.stringContaining('Ask for the first page'),
    });
    expect(sent).toEqual([]);
  });
});
