import { expect, test } from 'vitest';

import { testBranch } from '../src/vitest.ts';
import { ask, type Connection, TRANSPORTS } from './connect.ts';

const branch = await testBranch();

/** The outcome over each transport: the result, or the SQLSTATE or message of the error. */
async function compare(use: (connection: Connection) => Promise<unknown>): Promise<Record<string, unknown>> {
  const outcomes: Record<string, unknown> = {};
  for (const [transport, connect] of Object.entries(TRANSPORTS)) {
    const connection = await connect(branch.url);
    outcomes[transport] = await use(connection).catch(
      (error: Error & { code?: string }) => error.code ?? error.message,
    );
    await connection.close();
  }
  return outcomes;
}

test('several statements in one text work in sessions only: over HTTP a text is one prepared statement', async () => {
  const outcome = await compare(async (connection) => {
    const results = await connection.query('select 1 as n; select 2 as n');
    return Array.isArray(results) ? results.length : 1;
  });
  expect(outcome).toEqual({ http: '42601', websocket: 2, tcp: 2 });
});

test('a setting lasts for a session, and over HTTP for one request', async () => {
  const outcome = await compare(async (connection) => {
    await connection.query(`set application_name = 'mine'`);
    return (await connection.query(`select current_setting('application_name') as name`)).rows[0]?.name;
  });
  expect(outcome).toEqual({ http: '', websocket: 'mine', tcp: 'mine' });
});

test('a transaction spans the queries of a session, and over HTTP ends with its request', async () => {
  const outcome = await compare(async (connection) => {
    await connection.query('begin');
    await connection.query('savepoint here');
    return (await connection.query('rollback')).command;
  });
  expect(outcome).toEqual({ http: '25P01', websocket: 'ROLLBACK', tcp: 'ROLLBACK' });
});

test('a result over 10 MiB is possible in sessions only', async () => {
  const outcome = await compare(
    async (connection) =>
      (await connection.query(`select length(t) as n, t from repeat('x', 11000000) as t`)).rows[0]?.n,
  );
  expect(outcome).toEqual({ http: expect.stringContaining('HTTP status 507'), websocket: 11_000_000, tcp: 11_000_000 });
});

test('the role of the URL can create PostgreSQL’s trusted extensions, and no others', async () => {
  for (const name of ['citext', 'hstore', 'pg_trgm', 'pgcrypto']) await ask(branch.url, `create extension ${name}`);
  expect(await ask(branch.url, `select 'A'::citext = 'a' as equal`)).toMatchObject([{ equal: true }]);
  await expect(ask(branch.url, 'create extension pg_stat_statements')).rejects.toMatchObject({ code: '42501' });
});

test('a URL that requires TLS fails with a PostgreSQL client, and works with Neon’s driver', async () => {
  const outcomes: Record<string, unknown> = {};
  for (const [transport, connect] of Object.entries(TRANSPORTS)) {
    const attempt = async (): Promise<unknown> => {
      const connection = await connect(`${branch.url}?sslmode=verify-full&channel_binding=require`);
      const { rows } = await connection.query('select 1 as n');
      await connection.close();
      return rows[0]?.n;
    };
    outcomes[transport] = await attempt().catch((error: Error) => error.message);
  }
  expect(outcomes).toEqual({ http: 1, websocket: 1, tcp: 'The server does not support SSL connections' });
});

test('a refused login quotes the user as Neon’s proxy does over HTTP, and as PostgreSQL does elsewhere', async () => {
  const messages: Record<string, unknown> = {};
  for (const [transport, connect] of Object.entries(TRANSPORTS)) {
    const wrong = new URL(branch.url);
    wrong.password = 'wrong';
    const attempt = async (): Promise<unknown> => (await connect(wrong.href)).query('select 1');
    messages[transport] = await attempt().catch((error: Error) => error.message);
  }
  expect(messages).toEqual({
    http: `password authentication failed for user 'todo'`,
    websocket: 'password authentication failed for user "todo"',
    tcp: 'password authentication failed for user "todo"',
  });
});
