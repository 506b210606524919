/** A batch accepts queries of its own client only, and the HTTP client's error says how to run a transaction. */
import { testBranch } from '@todo/local-neon/vitest';
import { eq, sql } from 'drizzle-orm';
import { afterAll, expect, test } from 'vitest';

import { connectHttp, connectWebSocket, type HttpDatabase } from './fixture/app.ts';
import { account } from './fixture/schema.ts';

const { url } = await testBranch();
const http = connectHttp(url);
const webSocket = connectWebSocket(url);
afterAll(() => webSocket.close());

type Batch = Parameters<HttpDatabase['batch']>[0];

/** A batch without type checks, for callers without types. */
const batch = (...queries: unknown[]) => http.batch(queries as unknown as Batch);

test('every query builder of the HTTP client can be part of a batch', async () => {
  const row = { email: 'ada@example.com', secret: 'h' };
  const answers = await http.batch([
    http.insert(account).values(row).returning({ email: account.email }),
    http.select({ email: account.email }).from(account),
    http.query.account.findMany({ columns: { email: true } }),
    http.execute(sql`select 1 as one`),
    http.delete(account).where(eq(account.email, row.email)),
  ]);
  const found = [{ email: row.email }];
  expect(answers.slice(0, 3)).toEqual([found, found, found]);
  expect(answers[3].rows).toEqual([{ one: 1 }]);
});

test('a query of a WebSocket client is refused with its position in the batch', async () => {
  await expect(batch(http.select().from(account), webSocket.select().from(account))).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(
      /^Query 2 of the batch belongs to another client: build it on the database of the batch\. Nothing was sent\.$/,
    ),
  });
});

test.each<[string, () => unknown]>([
  ['a count', () => http.$count(account)],
  ['a prepared query', () => http.select().from(account).prepare('prepared')],
])('%s is refused in a batch, with an alternative', async (_title, query) => {
  await expect(batch(query())).rejects.toMatchObject({
    kind: 'refused',
    message: 'Query 1 of the batch is not a query builder: await it outside the batch. Nothing was sent.',
  });
});

test('an untyped call of `transaction` over HTTP is rejected with the alternatives', async () => {
  const untyped = http as unknown as typeof webSocket;
  await expect(untyped.transaction(async () => 1)).rejects.toMatchObject({
    name: 'DatabaseError',
    kind: 'refused',
    message: expect.stringMatching(/batch.*connectWebSocket/),
  });
});
