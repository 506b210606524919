import { neon, neonConfig, NeonDbError, Pool, type PoolClient, types } from '@neondatabase/serverless';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { testBranch } from '../src/vitest.ts';
import { ask, connectTcp } from './connect.ts';

neonConfig.wsProxy = (host, port) => `${host}:${port}/v2`;
neonConfig.useSecureWebSocket = false;
neonConfig.webSocketConstructor = WebSocket;

const branch = await testBranch();
const sql = neon(branch.url);

await ask(branch.url, 'create table item (id serial primary key, name text unique, at timestamptz default now())');

const countItems = () => sql`select count(*)::int as n from item`;

describe('the driver over HTTP', () => {
  test('composes templates, identifiers and unsafe fragments', async () => {
    const name = `it's`;
    const condition = sql`name = ${name}`;
    await sql`insert into ${sql.unsafe('item')} (name) values (${name})`;
    expect(await sql`select name from item where ${condition} and ${true}::bool`).toEqual([{ name }]);
  });

  test('returns rows as objects or arrays, with or without full results, as each query requests', async () => {
    const text = 'select 1 as a, $1::text as b';
    expect(await sql.query(text, ['x'])).toEqual([{ a: 1, b: 'x' }]);
    expect(await sql.query(text, ['x'], { arrayMode: true })).toEqual([[1, 'x']]);
    const full = await sql.query(text, ['x'], { arrayMode: true, fullResults: true });
    expect(full).toMatchObject({ rows: [[1, 'x']], rowCount: 1, command: 'SELECT', rowAsArray: true });
    expect(full.fields.map(({ name, dataTypeID }) => [name, dataTypeID])).toEqual([
      ['a', 23],
      ['b', 25],
    ]);
    expect(await neon(branch.url, { arrayMode: true })`select 1 as a`).toEqual([[1]]);
    expect(await neon(branch.url, { fullResults: true })`select 1 as a`).toMatchObject({ rows: [{ a: 1 }] });
  });

  test('parses with the type parsers of a query', async () => {
    const own = {
      getTypeParser: (id: number) =>
        id === types.builtins.DATE ? (text: string) => `date ${text}` : types.getTypeParser(id),
    };
    const text = `select '2020-02-03'::date as d, 1 as n, null::date as z`;
    expect(await sql.query(text, [], { types: own })).toEqual([{ d: 'date 2020-02-03', n: 1, z: null }]);
  });

  test('sends dates, buffers and objects in PostgreSQL’s format', async () => {
    const at = new Date('2020-02-03T04:05:06.789Z');
    const [row] =
      await sql`select ${at}::timestamptz as at, ${Buffer.from([0, 255])}::bytea as bytes, ${{ a: [1, 'x'] }}::jsonb as object,
      ${['a', null]}::text[] as list, ${undefined}::text as nothing`;
    expect(row).toEqual({
      at,
      bytes: Buffer.from([0, 255]),
      object: { a: [1, 'x'] },
      list: ['a', null],
      nothing: null,
    });
  });

  test.each(['ReadUncommitted', 'ReadCommitted', 'RepeatableRead', 'Serializable'] as const)(
    'runs a transaction in %s, in each access mode',
    async (isolationLevel) => {
      const level = isolationLevel.replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
      for (const readOnly of [true, false]) {
        for (const deferrable of [true, false]) {
          const [rows] = await sql.transaction(
            [
              sql`select current_setting('transaction_isolation') as level, current_setting('transaction_read_only') as ro,
                current_setting('transaction_deferrable') as d`,
            ],
            { isolationLevel, readOnly, deferrable },
          );
          expect(rows).toEqual([{ level, ro: readOnly ? 'on' : 'off', d: deferrable ? 'on' : 'off' }]);
        }
      }
    },
  );

  test.each([
    ['RepeatableRead', 0],
    ['ReadCommitted', 1],
  ] as const)('in %s sees %i of the rows that are inserted meanwhile', async (isolationLevel, seen) => {
    const holder = await connectTcp(branch.url);
    await holder.query('select pg_advisory_lock(7)');
    const wait = sql`select pg_advisory_xact_lock(7)`;
    const reading = sql.transaction([countItems(), wait, countItems()], { isolationLevel });
    await expect.poll(() => ask(branch.url, `select 1 from pg_locks where objid = 7 and not granted`)).toHaveLength(1);
    await holder.query('insert into item (name) values ($1)', [isolationLevel]);
    await holder.close();
    const [before, , after] = await reading;
    expect(Number(after?.[0]?.n) - Number(before?.[0]?.n)).toBe(seen);
  });

  test('runs a transaction on one backend, and each query with the options of the transaction', async () => {
    const results = await sql.transaction(
      (tx) => [tx`select pg_backend_pid() as pid`, tx`select pg_backend_pid() as pid`],
      {
        arrayMode: true,
      },
    );
    expect(results[0]).toEqual(results[1]);
    const full = await sql.transaction([sql`select 1 as a`], { fullResults: true });
    expect(full).toMatchObject([{ rows: [{ a: 1 }], command: 'SELECT' }]);
    expect(await sql.transaction([])).toEqual([]);
  });

  test('tells a database error with each of its fields', async () => {
    await sql`insert into item (name) values ('taken')`;
    const error: unknown = await sql`insert into item (name) values ('taken')`.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(NeonDbError);
    expect(error).toMatchObject({
      code: '23505',
      severity: 'ERROR',
      detail: 'Key (name)=(taken) already exists.',
      schema: 'public',
      table: 'item',
      constraint: 'item_name_key',
      routine: '_bt_check_unique',
    });
    await expect(
      sql`do $$ begin raise exception 'own' using errcode = 'ZZ001', hint = 'h', column = 'c', datatype = 'd'; end $$`,
    ).rejects.toMatchObject({ code: 'ZZ001', message: 'own', hint: 'h', column: 'c', dataType: 'd' });
    await expect(sql`do $$ begin execute 'selekt'; end $$`).rejects.toMatchObject({
      internalPosition: '1',
      internalQuery: 'selekt',
      where: expect.stringContaining('PL/pgSQL'),
    });
  });

  test('stops a query that is aborted', async () => {
    const aborting = new AbortController();
    const asked = sql.query('select pg_sleep(3600) -- aborted', [], { fetchOptions: { signal: aborting.signal } });
    const running = `select 1 from pg_stat_activity where state = 'active' and query like '%-- abo' || 'rted'`;
    const outcome = asked.catch((error: unknown) => error);
    await expect.poll(() => ask(branch.url, running)).toHaveLength(1);
    aborting.abort();
    expect(await outcome).toBeInstanceOf(NeonDbError);
    await expect.poll(() => ask(branch.url, running)).toHaveLength(0);
  });

  test('fails when its session is terminated, and the next query gets a new session', async () => {
    await expect(sql`select pg_terminate_backend(pg_backend_pid())`).rejects.toMatchObject({ code: '57P01' });
    expect(await sql`select 1 as n`).toEqual([{ n: 1 }]);
  });

  test.each(['copy item to stdout', 'copy item from stdin', 'copy (select generate_series(1, 100000)) to stdout'])(
    'gets an error for %s, alone and in a transaction',
    async (text) => {
      await expect(sql.query(text)).rejects.toThrow(/COPY .* is not possible over HTTP/);
      await expect(sql.transaction([sql`select 1`, sql.query(text)])).rejects.toThrow(/is not possible over HTTP/);
      expect(await sql`select 1 as n`).toEqual([{ n: 1 }]);
    },
  );
});

describe('the driver over WebSockets', () => {
  let pool: Pool;
  beforeAll(() => {
    pool = new Pool({ connectionString: branch.url, max: 4 });
    pool.on('error', () => {});
  });
  afterAll(() => pool.end());

  async function withClient<T>(work: (client: PoolClient) => Promise<T>): Promise<T> {
    const client = await pool.connect();
    try {
      return await work(client);
    } finally {
      client.release();
    }
  }

  test('runs the queries of a pool at the same time', async () => {
    const results = await Promise.all(Array.from({ length: 40 }, (_, n) => pool.query('select $1::int as n', [n])));
    expect(results.map(({ rows }) => rows[0].n)).toEqual(Array.from({ length: 40 }, (_, n) => n));
    expect(pool.totalCount).toBeLessThanOrEqual(4);
  });

  test('keeps a transaction with savepoints on one client', async () => {
    await withClient(async (client) => {
      await client.query('begin isolation level serializable');
      await client.query(`insert into item (name) values ('kept')`);
      await client.query('savepoint s');
      await expect(client.query(`insert into item (name) values ('kept')`)).rejects.toMatchObject({ code: '23505' });
      await client.query('rollback to savepoint s');
      await client.query('commit');
    });
    expect((await pool.query(`select name from item where name = 'kept'`)).rows).toEqual([{ name: 'kept' }]);
  });

  test('results several statements in one text, also with an error among them', async () => {
    const results = (await pool.query('select 1 as a; select 2 as b')) as unknown as { rows: unknown[] }[];
    expect(results.map(({ rows }) => rows)).toEqual([[{ a: 1 }], [{ b: 2 }]]);
    await expect(pool.query('select 1; select 1 / 0')).rejects.toMatchObject({ code: '22012' });
  });

  test('prepares a named statement once', async () => {
    await withClient(async (client) => {
      const double = (n: number) => client.query({ name: 'twice', text: 'select $1::int * 2 as n', values: [n] });
      expect((await double(1)).rows).toEqual([{ n: 2 }]);
      expect((await double(2)).rows).toEqual([{ n: 4 }]);
      expect(
        (await client.query(`select count(*)::int as n from pg_prepared_statements where name = 'twice'`)).rows,
      ).toEqual([{ n: 1 }]);
    });
  });

  test('returns rows as arrays, and parses with the type parsers of a query', async () => {
    const own = { getTypeParser: () => (text: string) => `<${text}>` };
    expect((await pool.query({ text: 'select 1, 2', rowMode: 'array' })).rows).toEqual([[1, 2]]);
    expect((await pool.query({ text: 'select 1 as n', types: own })).rows).toEqual([{ n: '<1>' }]);
  });

  test('receives notifications', async () => {
    await withClient(async (client) => {
      const received = new Promise((resolve) => client.once('notification', resolve));
      await client.query('listen news');
      await sql`select pg_notify('news', 'by HTTP')`;
      expect(await received).toMatchObject({ channel: 'news', payload: 'by HTTP' });
      await client.query('unlisten news');
    });
  });

  test('receives notices', async () => {
    await withClient(async (client) => {
      const received = new Promise((resolve) => client.once('notice', resolve));
      await client.query(`do $$ begin raise notice 'by the way'; end $$`);
      expect(await received).toMatchObject({ message: 'by the way' });
    });
  });

  test('reads a cursor in batches', async () => {
    await withClient(async (client) => {
      await client.query('begin');
      await client.query('declare numbers cursor for select n from generate_series(1, 5) as n');
      expect((await client.query('fetch 2 from numbers')).rows).toEqual([{ n: 1 }, { n: 2 }]);
      expect((await client.query('fetch all from numbers')).rows).toHaveLength(3);
      await client.query('commit');
    });
  });

  test('returns results of many megabytes, far over the limit of HTTP', async () => {
    const { rows } = await pool.query(
      `select n, repeat(chr(97 + n % 26), 1000000) as text from generate_series(1, 40) as n`,
    );
    expect(rows.map(({ n, text }) => [n, text.length, text[0], text.at(-1)])).toEqual(
      Array.from({ length: 40 }, (_, index) => {
        const letter = String.fromCharCode(97 + ((index + 1) % 26));
        return [index + 1, 1_000_000, letter, letter];
      }),
    );
  });

  test('sends parameters of many megabytes', async () => {
    const text = 'é'.repeat(10_000_000);
    expect((await pool.query('select length($1) as n, md5($1) as hash', [text])).rows[0]).toMatchObject({
      n: 10_000_000,
    });
  });

  test('tells a database error with each of its fields', async () => {
    await expect(pool.query('select * from nowhere')).rejects.toMatchObject({
      code: '42P01',
      severity: 'ERROR',
      position: '15',
      routine: 'parserOpenTable',
    });
  });
});

test('no session state of a request over HTTP reaches another request', async () => {
  await ask(branch.url, 'create role helper; grant helper to current_user');
  const leave = [
    'listen left',
    'set role helper',
    `set session characteristics as transaction read only`,
    `select setval('item_id_seq', 999)`,
    `declare held cursor with hold for select 1`,
    `set statement_timeout = 1`,
    `set search_path = nowhere`,
    'begin',
  ];
  for (const text of leave) await sql.query(text).catch(() => {});
  const [row] = await sql`select current_user::text as role, current_setting('transaction_read_only') as ro,
    (select count(*)::int from pg_listening_channels()) as channels, (select count(*)::int from pg_cursors where name = 'held') as cursors,
    current_setting('statement_timeout') as timeout, current_setting('search_path') as path, pg_notify('left', 'x')::text as notified`;
  expect(row).toEqual({
    role: 'todo',
    ro: 'off',
    channels: 0,
    cursors: 0,
    timeout: '0',
    path: '"$user", public',
    notified: '',
  });
  await expect(sql`select lastval()`).rejects.toMatchObject({ code: '55000' });
  await ask(branch.url, 'drop role helper');
});
