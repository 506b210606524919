/** Ids and list options from a URL: the schemas accept exactly the values that the queries accept. */
import { emptyBranch } from '@todo/local-neon/vitest';
import { bigint, boolean, integer, pgEnum, pgTable, primaryKey, serial, uuid } from 'drizzle-orm/pg-core';
import { describe, expect, expectTypeOf, test } from 'vitest';

import { connectHttp } from '../../src/index.ts';
import { ownedBy } from '../../src/queries/index.ts';
import { idSchemaOf, listOptionsSchemaOf, z } from '../../src/validators/index.ts';
import { query } from '../query.ts';

const mood = pgEnum('mood', ['fine', 'grim']);
const entry = pgTable('entry', {
  id: serial('id').primaryKey(),
  ownerId: integer('owner_id').notNull(),
  isPinned: boolean('is_pinned').notNull(),
  mood: mood('mood').notNull(),
  stars: integer('stars').notNull(),
});

describe('an id', () => {
  test.each([
    ['17', 17],
    [17, 17],
    ['-2147483648', -2_147_483_648],
  ])('the id %j of an integer column is read as %j', (input, id) => {
    expect(idSchemaOf(entry).parse(input)).toBe(id);
  });

  test.each([
    '',
    ' 1',
    '1.5',
    '1e3',
    '0x1',
    '2147483648',
    '99999999999999999999',
    'NaN',
    '١',
    ['1'],
    null,
    undefined,
    true,
    // As Next.js gives the parameters of a route.
    Promise.resolve('1'),
  ])('the id %j of an integer column is refused', (input) => {
    expect(idSchemaOf(entry).safeParse(input).success).toBe(false);
  });

  test('an id of another type is read as that type', () => {
    const big = pgTable('big', { id: bigint('id', { mode: 'bigint' }).primaryKey() });
    const one = pgTable('one', { key: uuid('key').primaryKey() });
    expect(idSchemaOf(big).parse('9223372036854775807')).toBe(9_223_372_036_854_775_807n);
    const key = '0190f7e0-0000-7000-8000-000000000000';
    expect(idSchemaOf(one).parse(key)).toBe(key);
    expect(idSchemaOf(one).safeParse('17').success).toBe(false);
    expectTypeOf(idSchemaOf(big).parse('1')).toEqualTypeOf<bigint>();
    expectTypeOf(idSchemaOf(one).parse(key)).toEqualTypeOf<string>();
  });

  test('a table with no primary key, or with a composite one, is refused by name', () => {
    const none = pgTable('none', { n: integer('n') });
    const pair = pgTable('pair', { a: integer('a'), b: integer('b') }, (table) => [
      primaryKey({ columns: [table.a, table.b] }),
    ]);
    expect(() => idSchemaOf(none)).toThrow('an id of the table "none": it has no primary key');
    expect(() => idSchemaOf(pair)).toThrow('an id of the table "pair": it has a primary key of several columns');
  });
});

describe('the options of a list', () => {
  const schema = listOptionsSchemaOf(entry, ['isPinned', 'mood', 'stars']);
  const read = (text: string) => schema.safeParse(Object.fromEntries(new URLSearchParams(text)));

  test('list options are read from a query string', () => {
    expect(read('').data).toEqual({});
    expect(read('limit=50&order=oldest&cursor=abc&isPinned=false&mood=grim&stars=3').data).toEqual({
      limit: 50,
      order: 'oldest',
      cursor: 'abc',
      isPinned: false,
      mood: 'grim',
      stars: 3,
    });
  });

  test.each([
    ['limit=0', 'limit', 'At least 1'],
    ['limit=1001', 'limit', 'At most 1000'],
    ['limit=', 'limit', 'Not a whole number'],
    ['limit=ten', 'limit', 'Not a whole number'],
    ['order=up', 'order', 'Not one of: newest, oldest'],
    ['isPinned=yes', 'isPinned', expect.any(String)],
    ['mood=odd', 'mood', 'Not one of: fine, grim'],
    ['stars=1.5', 'stars', 'Not a whole number'],
  ])('the query string ?%s is refused with an error for its field', (text, field, message) => {
    expect(z.flattenError(read(text).error!).fieldErrors).toEqual({ [field]: [message] });
  });

  test('unknown list options are refused', () => {
    expect(z.flattenError(read('ownerId=1').error!).formErrors).toEqual(['Unrecognized key: "ownerId"']);
  });

  test('parsed list options fit the queries, at compile time and at run time', async () => {
    const { url } = await emptyBranch();
    await query(
      url,
      `create type mood as enum ('fine', 'grim')`,
      'create table entry (id serial primary key, owner_id int, is_pinned boolean, mood mood, stars int)',
      `insert into entry (owner_id, is_pinned, mood, stars) values (1, true, 'fine', 3), (1, false, 'fine', 3), (2, true, 'fine', 3)`,
    );
    const entriesOf = ownedBy(entry, 'ownerId', { filters: ['isPinned', 'mood', 'stars'] });
    const options = schema.parse({ limit: '1', isPinned: 'true', mood: 'fine', stars: '3', order: 'oldest' });
    const { rows } = await entriesOf(connectHttp({ schema: { entry } }, url), 1).list(options);
    expect(rows).toMatchObject([{ id: 1 }]);
  });
});
