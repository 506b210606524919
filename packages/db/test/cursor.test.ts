/** A cursor works only in the list that it comes from. */
import { testBranch } from '@todo/local-neon/vitest';
import { describe, expect, test } from 'vitest';

import { connectHttp } from '../src/index.ts';
import { CursorError, todosOf, users } from '../src/queries/index.ts';

const { url } = await testBranch();
const sent: string[] = [];
const db = connectHttp(url, { logger: ({ statement }) => void sent.push(statement) });
const [ada, eve] = await Promise.all(
  ['ada', 'eve'].map(async (name) => {
    const { id } = await users(db).create({ email: `${name}@example.com`, hashedPassword: 'h' });
    await todosOf(db, id).createMany([{ title: 'a' }, { title: 'b' }]);
    return todosOf(db, id);
  }),
);
const { nextCursor } = await ada!.list({ limit: 1 });

test('a cursor gives the rest of its list', async () => {
  expect((await ada!.list({ cursor: nextCursor })).todos).toMatchObject([{ title: 'a' }]);
});

test('a cursor needs no escaping in a URL', () => {
  expect(nextCursor).toMatch(/^[\w-]+$/);
});

describe('a cursor is refused before anything is sent, with a code and a remedy,', () => {
  const refusal = { code: 'CURSOR_INVALID', message: expect.stringContaining('Request the first page') };

  test.each([
    ['when the cursor is from the list of another user', () => eve!.list({ cursor: nextCursor })],
    ['when the cursor is from a list in the other order', () => ada!.list({ cursor: nextCursor, order: 'oldest' })],
    ['when the text is not a cursor', () => ada!.list({ cursor: 'not-a-cursor' })],
    ['when the value is not a text', () => ada!.list({ cursor: 7 as unknown as string })],
  ])('%s', async (_, list) => {
    sent.length = 0;
    await expect(list()).rejects.toBeInstanceOf(CursorError);
    await expect(list()).rejects.toMatchObject(refusal);
    expect(sent).toEqual([]);
  });
});
