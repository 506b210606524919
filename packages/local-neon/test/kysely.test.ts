import { neon, neonConfig, Pool } from '@neondatabase/serverless';
import { type ColumnType, type Generated, Kysely, PostgresDialect, sql } from 'kysely';
import { NeonDialect } from 'kysely-neon';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { emptyBranch } from '../src/vitest.ts';

interface Database {
  note: { id: Generated<number>; text: string; tags: string[] | null; at: ColumnType<Date, Date | undefined, never> };
}

// The settings that the README lists, and no others.
neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`;
neonConfig.wsProxy = (host, port) => `${host}:${port}/v2`;
neonConfig.useSecureWebSocket = false;
neonConfig.webSocketConstructor = WebSocket;

const branch = await emptyBranch();

function createPool(): Pool {
  const pool = new Pool({ connectionString: branch.url });
  // Kysely does not wait until its sessions are closed. Sessions that are left end with the branch.
  pool.on('error', () => {});
  return pool;
}

describe.each([
  ['http', () => new NeonDialect({ neon: neon(branch.url) })],
  ['websocket', () => new PostgresDialect({ pool: createPool() })],
])('Kysely over %s', (transport, createDialect) => {
  const db = new Kysely<Database>({ dialect: createDialect() }).withSchema(transport);
  beforeAll(async () => {
    await db.schema.createSchema(transport).execute();
    await db.schema
      .createTable('note')
      .addColumn('id', 'serial', (column) => column.primaryKey())
      .addColumn('text', 'text', (column) => column.notNull().unique())
      .addColumn('tags', sql`text[]`)
      .addColumn('at', 'timestamptz', (column) => column.notNull().defaultTo(sql`now()`))
      .execute();
  });
  afterAll(() => db.destroy());

  test('writes and reads rows with their types', async () => {
    const at = new Date('2020-02-03T04:05:06.789Z');
    const note = await db
      .insertInto('note')
      .values({ text: 'first', tags: ['a', 'b,"c'], at })
      .returningAll()
      .executeTakeFirstOrThrow();
    expect(note).toEqual({ id: 1, text: 'first', tags: ['a', 'b,"c'], at });
    const changed = await db.updateTable('note').set({ tags: null }).where('id', '=', note.id).executeTakeFirst();
    expect(changed.numUpdatedRows).toBe(1n);
    expect(await db.selectFrom('note').select(['text', 'tags']).execute()).toEqual([{ text: 'first', tags: null }]);
  });

  test('names a violated constraint', async () => {
    const insert = db.insertInto('note').values({ text: 'twice' });
    await insert.execute();
    await expect(insert.execute()).rejects.toMatchObject({ code: '23505', constraint: 'note_text_key' });
  });
});

test('Kysely over WebSockets rolls back a transaction that throws', async () => {
  const db = new Kysely<Database>({
    dialect: new PostgresDialect({ pool: createPool() }),
  });
  const failing = db.transaction().execute(async (transaction) => {
    await sql`create table passing ()`.execute(transaction);
    throw new Error('changed my mind');
  });
  await expect(failing).rejects.toThrow('changed my mind');
  expect((await sql`select to_regclass('passing') as found`.execute(db)).rows).toEqual([{ found: null }]);
  await db.destroy();
});
