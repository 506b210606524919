/** The parts of cases that are the same over HTTP and over WebSocket. */
import type { Database } from '@todo/client';
import { eq, sql } from 'drizzle-orm';

import { expectEqual, expectRejection } from './expect.js';
import { type app, newName, note } from './note.js';

type AppDatabase = Database<(typeof app)['schema']>;

/** Inserts a row, and expects to read the same row. */
export async function expectStoredRow(db: AppDatabase): Promise<void> {
  const name = newName();
  const [created] = await db.insert(note).values({ name }).returning();
  expectEqual(await db.select().from(note).where(eq(note.name, name)), [created]);
}

/** Expects a duplicate and an unknown column to be refused with a `DatabaseError`, without the value in the message. */
export async function expectTypedErrors(db: AppDatabase): Promise<void> {
  const name = newName();
  await db.insert(note).values({ name });
  const error = await expectRejection(db.insert(note).values({ name }), ['unique-violation']);
  expectEqual([error.columns, error.code, error.message.includes(name)], [['name'], '23505', false]);
  const { code } = await expectRejection(db.execute(sql`select nothing`), ['refused']);
  expectEqual(code, '42703');
}

/** Cuts every connection of the relay after 200 ms, so that a request that was sent before is running. */
export async function cutWhileRunning(cutUrl: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 200));
  await (await fetch(cutUrl, { method: 'POST' })).text();
}
