import { Client } from 'pg';
import { beforeAll, describe, expect, test } from 'vitest';

import { createQueryLog } from '../src/cli/query-log.ts';
import { type LocalNeon, type QueryEvent, startLocalNeon } from '../src/index.ts';
import { redactLiterals } from '../src/query-events/redact-literals.ts';
import { connectHttp, TRANSPORTS } from './connect.ts';
import { startCli, urlIn } from './program.ts';

const events: QueryEvent[] = [];
let neon: LocalNeon;
beforeAll(async () => {
  neon = await startLocalNeon({ onQuery: (event) => events.push(event) });
  return () => neon.close();
});

/** An event without the fields that differ from run to run. */
function reported(): Omit<QueryEvent, 'durationMs'>[] {
  return events.splice(0).map(({ durationMs, ...event }) => {
    expect(durationMs).toBeGreaterThan(0);
    return event;
  });
}

describe.each(Object.entries(TRANSPORTS))('over %s', (transport, connect) => {
  test('each query is reported with its branch, rows and SQLSTATE, without values', async () => {
    const { name: branch, url } = await neon.branches.create(`of ${transport}`);
    const connection = await connect(url);
    events.length = 0;
    await connection.query('create table t (a int, b text)');
    await connection.query(`insert into t values ($1, $2), (3, 'literal')`, [1, 'parameter']);
    await connection.query('select * from t');
    await expect(connection.query('select $1::int / 0 as nothing', [7])).rejects.toMatchObject({ code: '22012' });
    await expect(connection.query('selekt $1', ['x'])).rejects.toMatchObject({ code: '42601' });
    await connection.query('select 1 where false');
    const base = { transport, branch };
    expect(reported()).toEqual([
      { ...base, statement: 'create table t (a int, b text)', rowCount: null },
      { ...base, statement: `insert into t values ($1, $2), (3, '…')`, rowCount: 2 },
      { ...base, statement: 'select * from t', rowCount: 2 },
      { ...base, statement: 'select $1::int / 0 as nothing', rowCount: null, error: '22012' },
      { ...base, statement: 'selekt $1', rowCount: null, error: '42601' },
      { ...base, statement: 'select 1 where false', rowCount: 0 },
    ]);
    await connection.close();
  });
});

test('the first 16 kB of a long statement are reported', async () => {
  events.length = 0;
  await (await connectHttp(neon.url)).query(`select 1 in (${'1, '.repeat(10_000)}1)`);
  expect(reported().map(({ statement }) => statement.length)).toEqual([16_384]);
});

test('each statement of a batch over HTTP is reported', async () => {
  const { neon: driver } = await import('@neondatabase/serverless');
  await connectHttp(neon.url);
  events.length = 0;
  const sql = driver(neon.url);
  await sql.transaction([sql`select 1 as n`, sql`select generate_series(1, 4)`]);
  expect(reported().map(({ statement, rowCount }) => [statement, rowCount])).toEqual([
    ['select 1 as n', 1],
    ['select generate_series(1, 4)', 4],
  ]);
});

describe('over a session', () => {
  test('a prepared statement is reported each time it runs', async () => {
    expect(await during(async (client) => [await runTwice(client, 1), await runTwice(client, 2)])).toEqual([
      ['select generate_series(1, $1::int)', 1],
      ['select generate_series(1, $1::int)', 2],
    ]);
  });

  test('statements sent in one text are reported as one', async () => {
    expect(await during((client) => client.query('select 1; select 2 where false'))).toEqual([
      ['select 1; select 2 where false', 0],
    ]);
  });

  test('queries after an empty statement, a large result and a large parameter are reported correctly', async () => {
    const large = 'x'.repeat(3_000_000);
    const rows = await during(async (client) => {
      await client.query('');
      await client.query(`select repeat('y', 100000) from generate_series(1, 30)`);
      await client.query('select length($1)', [large]);
      await client.query('select 7 as last');
    });
    expect(rows).toEqual([
      ['', null],
      [`select repeat('…', 100000) from generate_series(1, 30)`, 30],
      ['select length($1)', 1],
      ['select 7 as last', 1],
    ]);
  });
});

test.each([
  [`select 'it''s', "it's", E'a\\'b', e'\\\\'`, `select '…', "it's", '…', '…'`],
  [`alter role r password 'se''cret'; select 1`, `alter role r password '…'; select 1`],
  ['select $tag$ $$ se$cret $tag$, $$x$$, a$b$c', `select '…', '…', a$b$c`],
  [`select 1 -- it's secret\n, 2 /* a /* 'b */ c' */ , 'd'`, `select 1  , 2   , '…'`],
  [`select 'cut off`, `select '…'`],
  [`select date'2020-01-01', $1, $2`, `select date'…', $1, $2`],
])('strings and comments are redacted: %s', (text, shown) => {
  expect(redactLiterals(text)).toBe(shown);
});

test('an entry is one aligned line, cut at the width of the terminal', () => {
  const lines: string[] = [];
  const log = createQueryLog({ columns: 80, write: (line) => lines.push(line) });
  const event = { branch: 'todo', durationMs: 1.25, statement: 'select\n\t1 \u001b[2J', rowCount: 1 };
  log({ ...event, transport: 'http' });
  log({ ...event, transport: 'websocket', durationMs: 1234.5, rowCount: null, error: '22012' });
  log({ ...event, transport: 'tcp', rowCount: 120, statement: 'x'.repeat(200) });
  expect(lines).toEqual([
    'http       todo          1.3 ms        1 row  select 1 [2J\n',
    'websocket  todo       1234.5 ms  error 22012  select 1 [2J\n',
    `tcp        todo          1.3 ms     120 rows  ${'x'.repeat(33)}…\n`,
  ]);
  expect(lines[2]).toHaveLength(81);
});

test('local-neon --log queries prints queries on standard error', async () => {
  const program = startCli(['--log', 'queries']);
  const sql = await connectHttp(urlIn(await program.firstLine));
  await sql.query(`select $1::text as a, 'literal' as b`, ['parameter']);
  program.child.kill('SIGINT');
  const { stdout, stderr } = await program.exited;
  expect(stderr).toMatch(/^http {7}todo +\d+\.\d ms +1 row {2}select \$1::text as a, '…' as b$/m);
  expect(stdout + stderr).not.toMatch(/parameter|literal/);
});

async function during(work: (client: Client) => Promise<unknown>): Promise<[string, number | null][]> {
  const client = new Client({ connectionString: neon.url });
  await client.connect();
  events.length = 0;
  await work(client);
  await client.end();
  return reported().map(({ statement, rowCount }) => [statement, rowCount]);
}

function runTwice(client: Client, n: number): Promise<unknown> {
  return client.query({ name: 'twice', text: 'select generate_series(1, $1::int)', values: [n] });
}
