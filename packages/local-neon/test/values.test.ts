import { describe, expect, test } from 'vitest';

import { testBranch } from '../src/vitest.ts';
import { connectTcp } from './connect.ts';
import { createPost } from './post.ts';

const branch = await testBranch();
const post = createPost(branch.url);

const admin = await connectTcp(branch.url);
await admin.query(`
  create type mood as enum ('fine', 'so "so"', 'a,b');
  create type pair as (a int, b text);
  create domain positive as int check (value > 0);
  create domain numbers as int[];
  create type span as range (subtype = timestamptz)`);
await admin.close();

const RAW = { 'Neon-Raw-Text-Output': 'true' };

/** An expression, its exact JSON in parsed mode, and PostgreSQL's text. */
const VALUES: readonly [expression: string, parsed: string, text: string][] = [
  ['true', 'true', 't'],
  ['false', 'false', 'f'],
  ['32767::int2', '32767', '32767'],
  ['(-2147483648)::int4', '-2147483648', '-2147483648'],
  ['9223372036854775807::int8', '"9223372036854775807"', '9223372036854775807'],
  ['1.10::numeric', '"1.10"', '1.10'],
  [`'NaN'::numeric`, '"NaN"', 'NaN'],
  ['1.5::float4', '1.5', '1.5'],
  ['0.1::float8 + 0.2', '0.30000000000000004', '0.30000000000000004'],
  [`'-0'::float8`, '-0', '-0'],
  ['1e300::float8', '1e+300', '1e+300'],
  ['1e-7::float8', '1e-07', '1e-07'],
  [`'NaN'::float8`, '"NaN"', 'NaN'],
  [`'Infinity'::float4`, '"Infinity"', 'Infinity'],
  [`'-Infinity'::float8`, '"-Infinity"', '-Infinity'],
  [`e'a"\\\\\\n\\u00fc'::text`, '"a\\"\\\\\\nü"', 'a"\\\nü'],
  [`'x'::"char"`, '"x"', 'x'],
  [`'x '::char(3)`, '"x  "', 'x  '],
  [`'5'::oid`, '"5"', '5'],
  [`'\\xdeadbeef'::bytea`, '"\\\\xdeadbeef"', '\\xdeadbeef'],
  [`'2020-02-03 04:05:06.789+00'::timestamptz`, '"2020-02-03 04:05:06.789+00"', '2020-02-03 04:05:06.789+00'],
  [`'2020-02-03'::date`, '"2020-02-03"', '2020-02-03'],
  [`'1 day 2 hours'::interval`, '"1 day 02:00:00"', '1 day 02:00:00'],
  [`'(1,2)'::point`, '"(1,2)"', '(1,2)'],
  [`row(1, 'a b')::pair`, '"(1,\\"a b\\")"', '(1,"a b")'],
  ['5::positive', '5', '5'],
  [`'fine'::mood`, '"fine"', 'fine'],
  [`'[1,5)'::int4range`, '"[1,5)"', '[1,5)'],
  // json is copied verbatim: digits, order of keys, duplicate keys and spaces.
  [
    `'{"b": 1, "a": 1.10, "a": 9007199254740993}'::json`,
    '{"b": 1, "a": 1.10, "a": 9007199254740993}',
    '{"b": 1, "a": 1.10, "a": 9007199254740993}',
  ],
  [`'[1, {"z": null}]'::jsonb`, '[1, {"z": null}]', '[1, {"z": null}]'],
  [`'null'::jsonb`, 'null', 'null'],
  [`'"text"'::json`, '"text"', '"text"'],
  [`'{}'::int[]`, '[]', '{}'],
  [`array[]::text[][]`, '[]', '{}'],
  [`array[1, null, 3]`, '[1,null,3]', '{1,NULL,3}'],
  [`'[0:1]={1,2}'::int[]`, '[1,2]', '[0:1]={1,2}'],
  [`'[-1:0][2:3]={{1,2},{3,4}}'::int[]`, '[[1,2],[3,4]]', '[-1:0][2:3]={{1,2},{3,4}}'],
  [`array[[[1], [2]], [[3], [4]]]`, '[[[1],[2]],[[3],[4]]]', '{{{1},{2}},{{3},{4}}}'],
  [`array[true, false]`, '[true,false]', '{t,f}'],
  [`array[1.5, 'NaN']::float8[]`, '[1.5,"NaN"]', '{1.5,NaN}'],
  [`array[9007199254740993]::int8[]`, '["9007199254740993"]', '{9007199254740993}'],
  [`array[1.10]::numeric[]`, '["1.10"]', '{1.10}'],
  [
    `array['', 'NULL', 'null', null, 'a,b', '{}', e'"\\\\\\n']`,
    '["","NULL","null",null,"a,b","{}","\\"\\\\\\n"]',
    '{"","NULL","null",NULL,"a,b","{}","\\"\\\\\n"}',
  ],
  [`array['{"b": 1, "a": "x,}"}']::json[]`, '[{"b": 1, "a": "x,}"}]', '{"{\\"b\\": 1, \\"a\\": \\"x,}\\"}"}'],
  [`array['null', '[]']::jsonb[]`, '[null,[]]', '{"null",[]}'],
  [
    `array['fine', 'so "so"', 'a,b', null]::mood[]`,
    '["fine","so \\"so\\"","a,b",null]',
    '{fine,"so \\"so\\"","a,b",NULL}',
  ],
  [`array[row(1, 'a b')::pair, null]`, '["(1,\\"a b\\")",null]', '{"(1,\\"a b\\")",NULL}'],
  [`array[row(1, 'a')]::record[]`, '["(1,a)"]', '{"(1,a)"}'],
  [`array['[1,5)', 'empty']::int4range[]`, '["[1,5)","empty"]', '{"[1,5)",empty}'],
  [`array['[2020-01-01,)']::span[]`, '["[\\"2020-01-01 00:00:00+00\\",)"]', '{"[\\"2020-01-01 00:00:00+00\\",)"}'],
  [`array[5::positive]`, '["5"]', '{5}'],
  [`array[1, 2]::numbers`, '[1,2]', '{1,2}'],
  [`array['(1,1),(0,0)', '(2,2),(1,1)']::box[]`, '["(1,1),(0,0)","(2,2),(1,1)"]', '{(1,1),(0,0);(2,2),(1,1)}'],
  [`array['(1,2)']::point[]`, '["(1,2)"]', '{"(1,2)"}'],
  [`array['\\x00ff']::bytea[]`, '["\\\\x00ff"]', '{"\\\\x00ff"}'],
  [`'1 2'::int2vector`, '"1 2"', '1 2'],
  [`'1 2'::oidvector`, '"1 2"', '1 2'],
  [`array['1 2'::int2vector]`, '["1 2"]', '{"1 2"}'],
  [`'{[1,2),[4,5)}'::int4multirange`, '"{[1,2),[4,5)}"', '{[1,2),[4,5)}'],
];

test.each(VALUES)('%s', async (expression, parsed, text) => {
  const query = `select ${expression} as v`;
  expect((await post({ query })).text).toContain(`"rows":[{"v":${parsed}}]`);
  expect((await post({ query, arrayMode: true })).text).toContain(`"rows":[[${parsed}]]`);
  expect((await post({ query }, RAW)).body.rows).toEqual([{ v: text }]);
  expect((await post({ query }, { ...RAW, 'Neon-Array-Mode': 'true' })).body.rows).toEqual([[text]]);
});

test('the members of a row object keep the order and names of the columns', async () => {
  const { text } = await post({ query: `select 1 as "2", 2 as "1", 3 as "__proto__", 4 as "q""uo", 5 as "?column?"` });
  expect(text).toContain(`"rows":[{"2":1,"1":2,"__proto__":3,"q\\"uo":4,"?column?":5}]`);
});

test('a field has the type, its modifier, and the column of the table', async () => {
  const client = await connectTcp(branch.url);
  await client.query('create table described (dropped int, short varchar(10), exact numeric(8, 2))');
  await client.query('alter table described drop column dropped');
  const { rows } = await client.query(`select 'described'::regclass::oid::int as id`);
  await client.close();
  const { body } = await post({ query: 'select short, exact, 1 as n from described' });
  const tableID = rows[0]?.id;
  expect(body.fields).toEqual([
    { name: 'short', dataTypeID: 1043, tableID, columnID: 2, dataTypeSize: -1, dataTypeModifier: 14, format: 'text' },
    {
      name: 'exact',
      dataTypeID: 1700,
      tableID,
      columnID: 3,
      dataTypeSize: -1,
      dataTypeModifier: 524294,
      format: 'text',
    },
    { name: 'n', dataTypeID: 23, tableID: 0, columnID: 0, dataTypeSize: 4, dataTypeModifier: -1, format: 'text' },
  ]);
});

test('arrays of an enum are parsed after it was dropped and created again', async () => {
  const client = await connectTcp(branch.url);
  for (const value of ['one', 'other']) {
    await client.query(`create type passing as enum ('${value}')`);
    expect((await post({ query: `select array['${value}']::passing[] as v` })).body.rows).toEqual([{ v: [value] }]);
    await client.query('drop type passing');
  }
  await client.close();
});

describe('a command', () => {
  test.each([
    ['create table counted (n int)', 'CREATE', null],
    ['insert into counted select generate_series(1, 3)', 'INSERT', 3],
    ['insert into counted select 1 where false', 'INSERT', 0],
    ['update counted set n = 0', 'UPDATE', 3],
    [
      'merge into counted using (values (9)) as v (n) on counted.n = v.n when not matched then insert values (v.n)',
      'MERGE',
      1,
    ],
    ['select * from counted limit 2', 'SELECT', 2],
    ['delete from counted', 'DELETE', 4],
    ['create table counted_too as select 1 as n', 'SELECT', 1],
    ['drop table counted, counted_too', 'DROP', null],
    ['set local work_mem = 4096', 'SET', null],
    ['show work_mem', 'SHOW', null],
    ['explain select 1', 'EXPLAIN', null],
    ['begin', 'BEGIN', null],
    ['values (1), (2)', 'SELECT', 2],
    ['-- nothing', '', null],
    ['', '', null],
  ])('%s', async (query, command, rowCount) => {
    expect((await post({ query })).body).toMatchObject({ command, rowCount });
  });
});

describe('parameters are sent as text', () => {
  test.each([
    ['1', '1'],
    ['1.10', '1.10'],
    ['1e3', '1e3'],
    ['-0', '-0'],
    ['12345678901234567890123', '12345678901234567890123'],
    ['true', 'true'],
    ['null', null],
    ['"a\\u00fc\\n\\"\\\\"', 'aü\n"\\'],
    ['""', ''],
    ['{ "b" : [ 1 , null ] , "a" : { } }', '{"b":[1,null],"a":{}}'],
    ['{"10":1,"9":2,"__proto__":3}', '{"10":1,"9":2,"__proto__":3}'],
    ['[]', '{}'],
    ['[ 1 , 2.50 , true , null ]', '{1,2.50,true,NULL}'],
    ['[12345678901234567890123]', '{12345678901234567890123}'],
    ['["a","NULL","","x y"]', '{"a","NULL","","x y"}'],
    ['["\\"","\\\\","{,}","a\\nb"]', '{"\\"","\\\\","{,}","a\nb"}'],
    ['[[1,2],[3,4]]', '{{1,2},{3,4}}'],
    ['[["a"],[null]]', '{{"a"},{NULL}}'],
    ['[{"k": "v\\"\\\\"}]', '{"{\\"k\\":\\"v\\\\\\"\\\\\\\\\\"}"}'],
    ['[[],[]]', '{{},{}}'],
  ])('%s', async (json, text) => {
    const { body } = await post(`{"query":"select $1::text as v","params":[${json}]}`);
    expect(body.rows).toEqual([{ v: text }]);
  });

  test('also inside arrays of every kind', async () => {
    const params = [
      ['', 'NULL', null, 'a"b\\c', '{x,y}', 'line\nbreak', ' '],
      [{ k: ['"\\'] }, null],
      [
        [1, 2],
        [3, null],
      ],
    ];
    const { body } = await post({
      query: 'select $1::text[] as texts, $2::jsonb[] as jsons, $3::int[] as ints',
      params,
    });
    expect(body.rows).toEqual([{ texts: params[0], jsons: params[1], ints: params[2] }]);
  });
});
