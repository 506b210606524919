/** close() waits for an operation that sends further queries. */
import { testBranch } from '@todo/local-neon/vitest';
import { sql } from 'drizzle-orm';
import { expect, test } from 'vitest';

import { connectWebSocket, type WebSocketDatabase } from '../src/index.ts';
import { todosOf, users } from '../src/queries/index.ts';

const { url } = await testBranch();

test('close() waits for todos that arrive one by one', async () => {
  const db = connectWebSocket(url);
  const owner = await users(db).create({ email: 'importer@example.com', hashedPassword: 'h' });
  let closing: Promise<void> | undefined;
  async function* arriving() {
    yield { title: 'before' };
    closing = db.close();
    await shut(db);
    yield { title: 'after' };
  }
  expect(await todosOf(db, owner.id).createMany(arriving())).toBe(2);
  await closing;
});

/** Waits until the pool refuses a new query. */
async function shut(db: WebSocketDatabase): Promise<void> {
  await expect.poll(() => db.execute(sql`select 1`).catch(({ kind }: { kind: string }) => kind)).toBe('connection');
}
