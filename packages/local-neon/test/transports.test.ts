import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { testBranch } from '../src/vitest.ts';
import { type Connection, TRANSPORTS } from './connect.ts';

const branch = await testBranch();

describe.each(Object.entries(TRANSPORTS))('over %s', (transport, connect) => {
  let connection: Connection;
  beforeAll(async () => {
    connection = await connect(branch.url);
  });
  afterAll(() => connection.close());

  test('values of every common type arrive as the same JavaScript values', async () => {
    const { rows } = await connection.query(`
      select 1::int4 as int4, 9007199254740993::int8 as int8, 1.10::numeric as numeric, 'NaN'::float8 as float8,
        true as bool, 'ü' as text, null as nothing, '{"a": 1.5}'::jsonb as jsonb,
        array[1, null, 3] as ints, array['a', 'b,"c', null] as texts, '{}'::text[] as empty,
        '2020-02-03T04:05:06.789Z'::timestamptz as at, '\\xdeadbeef'::bytea as bytes`);
    expect(rows).toEqual([
      {
        int4: 1,
        int8: '9007199254740993',
        numeric: '1.10',
        float8: NaN,
        bool: true,
        text: 'ü',
        nothing: null,
        jsonb: { a: 1.5 },
        ints: [1, null, 3],
        texts: ['a', 'b,"c', null],
        empty: [],
        at: new Date('2020-02-03T04:05:06.789Z'),
        bytes: Buffer.from('deadbeef', 'hex'),
      },
    ]);
  });

  test('parameters arrive unchanged', async () => {
    const { rows } = await connection.query(
      'select $1::int4 as a, $2::text as b, $3::text[] as c, $4::jsonb as d, $5::text as e',
      [7, `it's; drop table "origin"`, ['x', null, '{"y"}'], { z: [1] }, null],
    );
    expect(rows).toEqual([{ a: 7, b: `it's; drop table "origin"`, c: ['x', null, '{"y"}'], d: { z: [1] }, e: null }]);
  });

  test('the result has the command and the number of rows', async () => {
    const table = `counted_${transport}`;
    expect(await connection.query(`create table ${table} (n int)`)).toMatchObject({
      command: 'CREATE',
      rowCount: null,
    });
    expect(await connection.query(`insert into ${table} select generate_series(1, 3)`)).toMatchObject({
      command: 'INSERT',
      rowCount: 3,
    });
    expect(await connection.query(`update ${table} set n = 0 where n > 9`)).toMatchObject({
      command: 'UPDATE',
      rowCount: 0,
    });
  });

  test('an error has all its fields', async () => {
    await connection.query(`create table unique_${transport} (email text constraint one_${transport} unique)`);
    const insert = (): Promise<unknown> => connection.query(`insert into unique_${transport} values ($1)`, ['a']);
    await insert();
    await expect(insert()).rejects.toMatchObject({
      code: '23505',
      severity: 'ERROR',
      schema: 'public',
      table: `unique_${transport}`,
      constraint: `one_${transport}`,
      detail: 'Key (email)=(a) already exists.',
    });
    await expect(connection.query('selekt')).rejects.toMatchObject({ code: '42601', position: '1' });
  });

  test('the role owns its database and is not a superuser', async () => {
    const { rows } = await connection.query(`
      select current_user::text as role, rolsuper as super, pg_get_userbyid(datdba)::text as owner
      from pg_roles, pg_database where rolname = current_user and datname = current_database()`);
    expect(rows).toEqual([{ role: 'todo', super: false, owner: 'todo' }]);
  });

  test('the server uses GMT and UTF-8', async () => {
    const { rows } = await connection.query(
      `select current_setting('timezone') as zone, current_setting('server_encoding') as encoding`,
    );
    expect(rows).toEqual([{ zone: 'GMT', encoding: 'UTF8' }]);
  });

  test('a wrong password is refused', async () => {
    const wrong = new URL(branch.url);
    wrong.password = 'wrong';
    const attempt = async (): Promise<unknown> => (await connect(wrong.href)).query('select 1');
    await expect(attempt()).rejects.toMatchObject({ code: '28P01' });
  });
});
