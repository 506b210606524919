import { neonConfig } from '@neondatabase/serverless';
import { PrismaNeon, PrismaNeonHttp } from '@prisma/adapter-neon';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { emptyBranch } from '../src/vitest.ts';

// The settings that the README lists, and no others.
neonConfig.fetchEndpoint = (host, port) => `http://${host}:${port}/sql`;
neonConfig.wsProxy = (host, port) => `${host}:${port}/v2`;
neonConfig.useSecureWebSocket = false;
neonConfig.webSocketConstructor = WebSocket;

const branch = await emptyBranch();

/** A query as Prisma's client passes it to an adapter. */
const query = (sql: string, args: unknown[] = []) => ({
  sql,
  args,
  argTypes: args.map(() => ({ scalarType: 'unknown' as const, arity: 'scalar' as const })),
});

describe.each([
  ['http', () => new PrismaNeonHttp(branch.url, {})],
  ['websocket', () => new PrismaNeon({ connectionString: branch.url })],
])("Prisma's adapter over %s", (transport, createAdapter) => {
  test('writes and reads rows, and reports a failed query', async () => {
    const adapter = await createAdapter().connect();
    const table = `note_${transport}`;
    await adapter.executeRaw(
      query(`create table ${table} (id int primary key, text text, big int8, data jsonb, tags text[])`),
    );
    const row = [1, `it's é`, '9007199254740993', '{"a": [1.50]}', ['a,b', '"c"', null]];
    const insert = query(`insert into ${table} values ($1, $2, $3, $4, $5)`, row);
    expect(await adapter.executeRaw(insert)).toBe(1);
    const { columnNames, rows } = await adapter.queryRaw(query(`select * from ${table}`));
    expect(columnNames).toEqual(['id', 'text', 'big', 'data', 'tags']);
    expect(rows).toEqual([row]);
    await expect(adapter.executeRaw(insert)).rejects.toThrow(/duplicate key|UniqueConstraintViolation/);
    await adapter.dispose();
  });
});

test("Prisma's adapter over WebSockets has transactions", async () => {
  const adapter = await new PrismaNeon({ connectionString: branch.url }).connect();
  const transaction = await adapter.startTransaction('SERIALIZABLE');
  await transaction.executeRaw(query('create table passing ()'));
  // Prisma's client sends COMMIT; the adapter then releases the session.
  await transaction.executeRaw(query('rollback'));
  await transaction.rollback();
  const { rows } = await adapter.queryRaw(query(`select to_regclass('passing')::text as found`));
  expect(rows).toEqual([[null]]);
  await adapter.dispose();
});
