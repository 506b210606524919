/** Rows are the same objects that Drizzle creates by itself, for every selection. */
import { neonConfig, Pool } from '@neondatabase/serverless';
import { testBranch } from '@todo/local-neon/vitest';
import { and, desc, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/neon-serverless';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { connectHttp, connectWebSocket } from './fixture/app.ts';
import * as schema from './fixture/schema.ts';

const { note, account } = schema;
const { url } = await testBranch();
const http = connectHttp(url);
const webSocket = connectWebSocket(url);

neonConfig.webSocketConstructor = WebSocket;
neonConfig.useSecureWebSocket = false;
neonConfig.wsProxy = () => `${new URL(url).host}/v2`;
const pool = new Pool({ connectionString: url });
const bare = drizzle({ client: pool, schema });
afterAll(() => Promise.all([webSocket.close(), pool.end()]));

const [ada] = await http.insert(account).values({ email: 'ada@example.com', secret: 'h' }).returning();
await http.insert(account).values({ email: 'eve@example.com', secret: 'h' });
const ownerId = ada!.id;
await http.insert(note).values([
  { title: 'a', ownerId },
  { title: 'b', description: 'c', isDone: true, ownerId },
]);

type Reader = Pick<typeof bare, 'select' | 'query'>;

const SELECTIONS: Record<string, (db: Reader) => Promise<unknown[]>> = {
  'all columns': async (db) => db.select().from(note).orderBy(note.id),
  'some columns and expressions': async (db) =>
    db
      .select({
        at: note.createdAt,
        text: note.description,
        length: sql<number>`length(${note.title})::text`.mapWith(Number),
        missing: sql<number | null>`length(${note.description})`.mapWith(Number),
        raw: sql`${note.updatedAt}`,
        named: sql<string>`upper(${note.title})`.as('named'),
      })
      .from(note)
      .orderBy(desc(note.id)),
  'a join of which one side is missing': async (db) =>
    db.select().from(account).leftJoin(note, eq(note.ownerId, account.id)).orderBy(account.id, note.id),
  'columns of several tables, flat': async (db) =>
    db
      .select({ email: account.email, title: note.title, done: note.isDone })
      .from(account)
      .leftJoin(note, and(eq(note.ownerId, account.id), eq(note.isDone, true)))
      .orderBy(account.id),
  'a relational query': async (db) => db.query.account.findMany({ with: { notes: true }, orderBy: account.id }),
};

test.each(Object.keys(SELECTIONS))('%s', async (name) => {
  // The name is a key of `SELECTIONS`.
  const select = SELECTIONS[name]!;
  const expected = await select(bare);
  expect(expected.length).toBeGreaterThan(1);
  expect(await select(http as unknown as Reader)).toStrictEqual(expected);
  expect(await select(webSocket)).toStrictEqual(expected);
});
