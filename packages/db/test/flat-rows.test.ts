/** Rows are the objects that Drizzle makes by itself, whatever is selected. */
import { neonConfig, Pool } from '@neondatabase/serverless';
import { testBranch } from '@todo/local-neon/vitest';
import { and, desc, eq, sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/neon-serverless';
import { afterAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { connectHttp, connectWebSocket } from '../src/index.ts';
import { todosOf, users } from '../src/queries/index.ts';
import * as schema from '../src/schema/index.ts';

const { todo, user } = schema;
const { url } = await testBranch();
const http = connectHttp(url);
const webSocket = connectWebSocket(url);

neonConfig.webSocketConstructor = WebSocket;
neonConfig.useSecureWebSocket = false;
neonConfig.wsProxy = () => `${new URL(url).host}/v2`;
const pool = new Pool({ connectionString: url });
const bare = drizzle({ client: pool, schema });
afterAll(() => Promise.all([webSocket.close(), pool.end()]));

const ada = await users(http).create({ email: 'ada@example.com', hashedPassword: 'h' });
await users(http).create({ email: 'eve@example.com', hashedPassword: 'h' });
await todosOf(http, ada.id).createMany([{ title: 'a' }, { title: 'b', description: 'c', isCompleted: true }]);

type Reader = Pick<typeof bare, 'select' | 'query'>;

const SELECTIONS: Record<string, (db: Reader) => Promise<unknown[]>> = {
  'all columns': async (db) => db.select().from(todo).orderBy(todo.id),
  'some columns and expressions': async (db) =>
    db
      .select({
        at: todo.createdAt,
        text: todo.description,
        length: sql<number>`length(${todo.title})::text`.mapWith(Number),
        missing: sql<number | null>`length(${todo.description})`.mapWith(Number),
        raw: sql`${todo.updatedAt}`,
        named: sql<string>`upper(${todo.title})`.as('named'),
      })
      .from(todo)
      .orderBy(desc(todo.id)),
  'a join of which one side is missing': async (db) =>
    db.select().from(user).leftJoin(todo, eq(todo.userId, user.id)).orderBy(user.id, todo.id),
  'columns of several tables, flat': async (db) =>
    db
      .select({ email: user.email, title: todo.title, done: todo.isCompleted })
      .from(user)
      .leftJoin(todo, and(eq(todo.userId, user.id), eq(todo.isCompleted, true)))
      .orderBy(user.id),
  'a relational query': async (db) => db.query.user.findMany({ with: { todos: true }, orderBy: user.id }),
};

test.each(Object.keys(SELECTIONS))('%s', async (name) => {
  // One of those above.
  const select = SELECTIONS[name]!;
  const expected = await select(bare);
  expect(expected.length).toBeGreaterThan(1);
  expect(await select(http as unknown as Reader)).toStrictEqual(expected);
  expect(await select(webSocket)).toStrictEqual(expected);
});
