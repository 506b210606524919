/** The HTTP client: a request per query, one transaction per batch. */
import { testBranch } from '@todo/local-neon/vitest';
import { eq, sql } from 'drizzle-orm';
import { expect, expectTypeOf, test } from 'vitest';

import { connectHttp, type HttpDatabase } from './fixture/app.ts';
import { account, note } from './fixture/schema.ts';

const { url } = await testBranch();
const db = connectHttp(url);

test('rows are created, read with their relations, changed and deleted', async () => {
  const [ada] = await db.insert(account).values({ email: 'ada@example.com', secret: 'h' }).returning();
  expect(ada).toMatchObject({ email: 'ada@example.com', createdAt: expect.any(Date) });
  const ownerId = ada!.id;
  await db.insert(note).values({ title: 'Write the notes', ownerId });
  await db.update(note).set({ isDone: true }).where(eq(note.ownerId, ownerId));

  const found = await db.query.account.findFirst({ where: eq(account.id, ownerId), with: { notes: true } });
  expect(found?.notes).toMatchObject([{ title: 'Write the notes', description: null, isDone: true }]);

  await db.delete(account).where(eq(account.id, ownerId));
  expect(await db.$count(note)).toBe(0);
});

test('a failed statement rolls back the whole batch', async () => {
  const row = { email: 'twice@example.com', secret: 'h' };
  const batch = db.batch([db.insert(account).values(row), db.insert(account).values(row)]);
  await expect(batch).rejects.toMatchObject({ kind: 'email-taken', constraint: 'idx_account_email_unique' });
  expect(await db.$count(account, eq(account.email, row.email))).toBe(0);
});

test('the type of an HTTP database has `batch` and no `transaction`, which would need a session', () => {
  expectTypeOf<HttpDatabase>().toHaveProperty('batch');
  expectTypeOf<HttpDatabase>().not.toHaveProperty('transaction');
});

test('Drizzle’s own migrator and `session.all` get rows as objects', async () => {
  expect(await db._.session.all(sql`select ${1}::int as one`)).toEqual([{ one: 1 }]);
});

test('a request ends at its own deadline, and the next request has a new deadline', async () => {
  const impatient = connectHttp(url, { timeoutMs: 1_000 });
  const slow = impatient.execute(sql`select pg_sleep(60)`);
  await expect(slow).rejects.toMatchObject({ kind: 'timeout', retryable: true });
  // On a busy machine the next request may also exceed the limit.
  await expect.poll(async () => (await impatient.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
});

test('concurrent queries each get their own result', async () => {
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) => db.execute<{ i: number }>(sql`select ${i}::int as i`)),
  );
  expect(answers.map(({ rows }) => rows[0]?.i)).toEqual(Array.from({ length: 20 }, (_, i) => i));
});
