/** A batch takes queries of its own client alone, and HTTP says what to use for a transaction. */
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

/** As a caller does who knows better than the types, or has none. */
const batch = (...queries: unknown[]) => http.batch(queries as unknown as Batch);

test('every kind of query builder of the client can be part of a batch', async () => {
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

test('a query of a WebSocket client is refused, by its place in the batch', async () => {
  await expect(batch(http.select().from(account), webSocket.select().from(account))).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(/^Query 2 of the batch belongs to another client\. Nothing was sent\.$/),
  });
});

test.each<[string, () => unknown]>([
  ['a count', () => http.$count(account)],
  ['a prepared query', () => http.select().from(account).prepare('prepared')],
])('%s is refused, with what to use instead', async (_title, query) => {
  await expect(batch(query())).rejects.toMatchObject({
    kind: 'refused',
    message: 'Query 1 of the batch is no query builder: await it alone. Nothing was sent.',
  });
});

test('a caller without types who asks HTTP for a transaction is told what to use', async () => {
  const untyped = http as unknown as typeof webSocket;
  await expect(untyped.transaction(async () => 1)).rejects.toMatchObject({
    name: 'DatabaseError',
    kind: 'refused',
    message: expect.stringMatching(/batch.*connectWebSocket/),
  });
});
