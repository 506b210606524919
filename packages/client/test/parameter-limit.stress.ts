/** A statement with more parameters than PostgreSQL accepts is refused before anything is sent, over either transport. */
import { testBranch } from '@todo/local-neon/vitest';
import { inArray, sql } from 'drizzle-orm';
import { afterAll, describe, expect, test } from 'vitest';

import { connectHttp, connectWebSocket, type Database } from './fixture/app.ts';
import { account } from './fixture/schema.ts';
import { query } from './query.ts';

const { url } = await testBranch();
const http = connectHttp(url);
const webSocket = connectWebSocket(url);
afterAll(() => webSocket.close());

const ids = (count: number) => Array.from({ length: count }, (_, index) => index);
const rows = (count: number) => ids(count).map((id) => ({ email: `many-${id}@example.com`, secret: 'h' }));

describe.each<[string, Database]>([
  ['HTTP', http],
  ['WebSocket', webSocket],
])('over %s', (_transport, db) => {
  test('a statement with 65,535 parameters succeeds', async () => {
    expect(
      await db
        .select()
        .from(account)
        .where(inArray(account.id, ids(65_535))),
    ).toEqual([]);
  });

  test.each([
    [65_536, '65,536'],
    [131_075, 'more than 100,000'],
    [300_000, 'more than 100,000'],
  ])('%d parameters are refused, with the limit and a remedy', async (count, said) => {
    const asked = async () =>
      await db
        .select()
        .from(account)
        .where(inArray(account.id, ids(count)));
    await expect(asked()).rejects.toMatchObject({
      kind: 'refused',
      retryable: false,
      message: `A statement takes at most 65,535 parameters, and this one has ${said}. Nothing was sent. Send it in parts, or use \`createMany\`.`,
    });
  });

  test('an insert of too many rows is refused, and its outcome is not unknown', async () => {
    await expect(db.insert(account).values(rows(40_000))).rejects.toMatchObject({ kind: 'refused' });
    expect(await query(url, 'select from account')).toEqual([]);
    expect((await db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
  });
});

test('a batch is refused as a whole when one statement has too many parameters', async () => {
  const batch = http.batch([http.insert(account).values(rows(1)), http.insert(account).values(rows(40_000))]);
  await expect(batch).rejects.toMatchObject({ kind: 'refused' });
  expect(await query(url, 'select from account')).toEqual([]);
});

test('a transaction continues after a statement with too many parameters', async () => {
  const left = await webSocket.transaction(async (tx) => {
    await tx
      .insert(account)
      .values(rows(40_000))
      .catch(() => {});
    return await tx.$count(account);
  });
  expect(left).toBe(0);
});
