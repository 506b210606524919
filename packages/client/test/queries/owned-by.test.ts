/**
 * Queries for the rows of one owner, on tables with several kinds of keys: limits, pages, and values that are refused before they are sent.
 */
import { emptyBranch } from '@todo/local-neon/vitest';
import {
  bigint,
  boolean,
  date,
  integer,
  numeric,
  pgTable,
  primaryKey,
  serial,
  smallserial,
  text,
  timestamp,
  uuid,
  varchar,
} from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';

import { connectHttp, connectWebSocket } from '../../src/index.ts';
import { CursorError, ownedBy, type Queryable, rowsOf } from '../../src/queries/index.ts';
import { query } from '../query.ts';
import { createTables } from './create-tables.ts';

const owner = pgTable('owner', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: varchar('name', { length: 20 }).notNull(),
  secret: text('secret').notNull().default('none'),
});

const columns = {
  ownerId: uuid('owner_id')
    .notNull()
    .references(() => owner.id),
  label: text('label'),
  isPinned: boolean('is_pinned').notNull().default(false),
};
const bySerial = pgTable('by_serial', { id: serial('id').primaryKey(), ...columns });
const bySmall = pgTable('by_small', { id: smallserial('id').primaryKey(), ...columns });
const byBigint = pgTable('by_bigint', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  ...columns,
});
const byUuid = pgTable('by_uuid', { key: uuid('key').primaryKey().defaultRandom(), ...columns });
const byName = pgTable('by_name', { name: text('name').primaryKey(), ...columns });

const DIGITS = Array.from({ length: 10 }, (_, digit) => `d${digit}`);
const wide = pgTable('wide', {
  id: serial('id').primaryKey(),
  ownerId: columns.ownerId,
  ...Object.fromEntries(DIGITS.map((name) => [name, integer(name).notNull().default(7)])),
});

const ADA = '00000000-0000-4000-8000-00000000000a';
const EVE = '00000000-0000-4000-8000-00000000000e';
const NOBODY = '00000000-0000-4000-8000-000000000000';

const { url } = await emptyBranch();
const sent: string[] = [];
const logger = ({ statement }: { statement: string }) => void sent.push(statement);
const schema = { owner, bySerial, bySmall, byBigint, byUuid, byName, wide };
const http = connectHttp({ schema }, url, { logger });
const webSocket = connectWebSocket({ schema }, url, { logger });
afterAll(() => webSocket.close());
beforeAll(async () => {
  await createTables(url, owner, bySerial, bySmall, byBigint, byUuid, byName, wide);
  await query(url, `insert into owner (id, name) values ('${ADA}', 'Ada'), ('${EVE}', 'Eve')`);
});

const filters = ['isPinned', 'label'] as const;
const serialsOf = ownedBy(bySerial, 'ownerId', { filters });
const names = ownedBy(byName, 'ownerId');
const wideOf = ownedBy(wide, 'ownerId') as AnyOwnedBy;

interface AnyOwned {
  create(row: object): Promise<Record<string, unknown>>;
  createMany(rows: readonly object[]): Promise<number>;
  list(options?: object): Promise<{ rows: readonly Record<string, unknown>[]; nextCursor: string | undefined }>;
  get(id: unknown): Promise<Record<string, unknown> | undefined>;
  update(id: unknown, patch: object): Promise<Record<string, unknown>>;
  remove(id: unknown): Promise<void>;
}
type AnyOwnedBy = (db: Queryable, ownerId: string) => AnyOwned;

interface Kind {
  readonly of: AnyOwnedBy;
  readonly key: string;
  readonly row?: (n: number) => object;
  /** Values that no key can have. */
  readonly never: readonly unknown[];
  /** Texts in a forged cursor that no key can have. */
  readonly forged: readonly string[];
}

const KINDS: Readonly<Record<string, Kind>> = {
  serial: {
    of: serialsOf,
    key: 'id',
    never: [Number.NaN, 1.5, 2 ** 31, -(2 ** 31) - 1, '1', 1n, null],
    forged: ['NaN', '1.5', '2147483648', '01', ' 1', '1e3', ''],
  },
  smallserial: {
    of: ownedBy(bySmall, 'ownerId') as AnyOwnedBy,
    key: 'id',
    never: [32_768, -32_769, 0.5],
    forged: ['32768'],
  },
  bigint: {
    of: ownedBy(byBigint, 'ownerId') as AnyOwnedBy,
    key: 'id',
    never: [2n ** 63n, -(2n ** 63n) - 1n, 1],
    forged: ['9223372036854775808', '1.0', '01', 'x'],
  },
  uuid: {
    of: ownedBy(byUuid, 'ownerId') as AnyOwnedBy,
    key: 'key',
    never: ['', 'not-a-uuid', `${ADA}0`, 7],
    forged: ['', 'not-a-uuid'],
  },
  text: {
    of: names as AnyOwnedBy,
    key: 'name',
    row: (n) => ({ name: `name "${n}"\n💥` }),
    never: ['a\0b', 'a\ud83d', 7, undefined],
    forged: ['a\0b'],
  },
};

describe.each(Object.entries(KINDS))('with a primary key of type %s', (_, kind) => {
  const { of, key, row = () => ({}), never, forged } = kind;

  test('an owner creates, reads, changes, lists and removes rows, and other owners cannot', async () => {
    const [adas, eves] = [of(http, ADA), of(http, EVE)];
    expect(await adas.createMany(Array.from({ length: 6 }, (__, n) => row(n)))).toBe(6);
    const made = await adas.create({ ...row(6), label: 'a' });
    expect(made).toMatchObject({ label: 'a', isPinned: false, ownerId: ADA });
    const id = made[key];
    expect(await adas.get(id)).toEqual(made);
    expect(await adas.update(id, { isPinned: true })).toEqual({ ...made, isPinned: true });

    for (const order of ['newest', 'oldest']) {
      const ids: unknown[] = [];
      let cursor: string | undefined;
      do {
        const page = await adas.list({ limit: 3, order, cursor });
        ids.push(...page.rows.map((found) => found[key]));
        cursor = page.nextCursor;
        expect(cursor ?? 'a-cursor').toMatch(/^[\w-]+$/);
      } while (cursor !== undefined);
      expect(ids).toHaveLength(7);
      expect(new Set(ids).size).toBe(7);
    }

    expect(await eves.get(id)).toBeUndefined();
    await expect(eves.update(id, { label: 'Eve’s' })).rejects.toMatchObject({ kind: 'not-found' });
    await expect(eves.remove(id)).rejects.toMatchObject({ kind: 'not-found' });
    expect(await eves.list()).toEqual({ rows: [], nextCursor: undefined });
    await adas.remove(id);
    expect(await adas.get(id)).toBeUndefined();
  });

  test('a key that no row can have finds nothing, and nothing is sent', async () => {
    sent.length = 0;
    for (const id of never) {
      expect(await of(http, ADA).get(id)).toBeUndefined();
      await expect(of(http, ADA).update(id, { label: 'a' })).rejects.toMatchObject({ kind: 'not-found' });
      await expect(of(http, ADA).remove(id)).rejects.toMatchObject({ kind: 'not-found' });
    }
    expect(sent).toEqual([]);
  });

  test('a cursor with an impossible key is refused, and nothing is sent', async () => {
    await of(http, EVE).createMany([row(7), row(8)]);
    const { nextCursor = '' } = await of(http, EVE).list({ limit: 1 });
    const list = (JSON.parse(Buffer.from(nextCursor, 'base64url').toString()) as string[]).slice(0, -1);
    sent.length = 0;
    for (const id of forged) {
      const cursor = Buffer.from(JSON.stringify([...list, id])).toString('base64url');
      await expect(of(http, EVE).list({ cursor })).rejects.toBeInstanceOf(CursorError);
    }
    expect(sent).toEqual([]);
  });
});

test('a primary key from the caller cannot be changed by update', async () => {
  await names(http, ADA).create({ name: 'first' });
  await expect(names(http, ADA).update('first', { name: 'second' })).rejects.toMatchObject({ code: 'COLUMN_REFUSED' });
});

const labels = async (options: Parameters<ReturnType<typeof serialsOf>['list']>[0]) =>
  (await serialsOf(http, EVE).list({ ...options, order: 'oldest' })).rows.map(({ label }) => label);

describe('a list', () => {
  beforeAll(async () => {
    const { rows } = await serialsOf(http, EVE).list();
    for (const { id } of rows) await serialsOf(http, EVE).remove(id);
    await serialsOf(http, EVE).createMany([
      { label: 'a' },
      { label: 'a', isPinned: true },
      { label: 'b', isPinned: true },
      {},
    ]);
  });

  test('a list holds only the rows that match its filters', async () => {
    expect(await labels({})).toEqual(['a', 'a', 'b', null]);
    expect(await labels({ isPinned: true })).toEqual(['a', 'b']);
    expect(await labels({ isPinned: undefined, label: 'a' })).toEqual(['a', 'a']);
    expect(await labels({ isPinned: false, label: 'a' })).toEqual(['a']);
  });

  test.each([
    ['a limit of 0', { limit: 0 }],
    ['a limit of 1.5', { limit: 1.5 }],
    ['a limit of 1001', { limit: 1_001 }],
    ['a limit of NaN', { limit: Number.NaN }],
    ['a limit that is a text', { limit: '5' }],
    ['an unknown order', { order: 'random' }],
    ['a prototype as its order', { order: '__proto__' }],
    ['a filter of another type', { isPinned: 'true' }],
    ['null as a filter', { label: null }],
    ['an option that it does not have', { ownerId: EVE }],
  ])('a list refuses %s, and sends nothing', async (_, options) => {
    sent.length = 0;
    await expect(serialsOf(http, ADA).list(options as object)).rejects.toMatchObject({
      name: 'PageOptionError',
      code: 'PAGE_OPTION_INVALID',
    });
    expect(sent).toEqual([]);
  });

  test('a list refuses the cursor of another table, owner or order, and a text that is not a cursor', async () => {
    const { nextCursor } = await serialsOf(http, EVE).list({ limit: 1 });
    const others = [
      () => ownedBy(bySmall, 'ownerId')(http, EVE).list({ cursor: nextCursor }),
      () => serialsOf(http, ADA).list({ cursor: nextCursor }),
      () => serialsOf(http, EVE).list({ cursor: nextCursor, order: 'oldest' }),
      () => serialsOf(http, EVE).list({ cursor: `${nextCursor}=` }),
      () => serialsOf(http, EVE).list({ cursor: '' }),
      () => serialsOf(http, EVE).list({ cursor: 7 as unknown as string }),
      () => serialsOf(http, EVE).list({ cursor: Buffer.from('null').toString('base64url') }),
    ];
    sent.length = 0;
    for (const other of others) await expect(other()).rejects.toMatchObject({ code: 'CURSOR_INVALID' });
    expect(sent).toEqual([]);
  });
});

describe('an owner', () => {
  test('an owner who does not exist and an owner who cannot exist give the same error', async () => {
    const noOwner = { kind: 'reference-missing', code: '23503', columns: ['owner_id'], table: 'by_serial' };
    for (const id of [NOBODY, 'not-a-uuid']) {
      await expect(serialsOf(http, id).create({})).rejects.toMatchObject(noOwner);
      await expect(serialsOf(http, id).createMany([{}])).rejects.toMatchObject(noOwner);
      expect(await serialsOf(http, id).list()).toEqual({ rows: [], nextCursor: undefined });
      expect(await serialsOf(http, id).get(1)).toBeUndefined();
    }
  });

  test('a missing owner has the application’s own error kind', async () => {
    const constraintErrors = {
      by_serial_owner_id_owner_id_fk: { kind: 'nobodys', message: 'Nobody is there' },
    };
    const named = ownedBy(bySerial, 'ownerId', { constraintErrors });
    await expect(named(http, 'not-a-uuid').create({})).rejects.toMatchObject({ kind: 'nobodys' });
  });
});

test('a refused chunk does not end the process while the source of the next chunk is slow', async () => {
  const source = async function* () {
    for (let n = 0; n < 10_001; n += 1) yield { label: n === 5_000 ? 'a\0' : 'a' };
    await expect.poll(() => sent.filter((statement) => statement.includes('insert'))).toHaveLength(2);
    await new Promise((resolve) => setTimeout(resolve, 200));
    yield { label: 'last' };
  };
  sent.length = 0;
  await expect(serialsOf(webSocket, ADA).createMany(source())).rejects.toMatchObject({ kind: 'refused' });
});

describe('more sets of columns than one statement takes', () => {
  /** Row n has a value for each column whose bit is set in n. */
  const many = Array.from({ length: 2 ** DIGITS.length }, (_, n) =>
    Object.fromEntries(DIGITS.flatMap((key, digit) => ((n >> digit) % 2 === 1 ? [[key, n]] : []))),
  );

  test.each([
    ['HTTP', http],
    ['WebSocket', webSocket],
  ])('rows with very many sets of columns are stored in order, all or none, over %s', async (_, db) => {
    await query(url, 'truncate wide restart identity');
    sent.length = 0;
    expect(await wideOf(db, ADA).createMany(many)).toBe(many.length);
    expect(sent.join('\n').match(/merge into/g)?.length).toBeGreaterThan(1);
    const rows = await query(url, 'select * from wide order by id');
    const expected = many.map((given, n) => ({
      ...Object.fromEntries(DIGITS.map((key) => [key, given[key] ?? 7])),
      id: n + 1,
      owner_id: ADA,
    }));
    expect(rows).toEqual(expected);
    const refused = wideOf(db, EVE).createMany([...many, { d0: 2 ** 31 }]);
    await expect(refused).rejects.toMatchObject({ code: '22003' });
    expect(await wideOf(db, EVE).list()).toEqual({ rows: [], nextCursor: undefined });
  });
});

describe('rowsOf', () => {
  const owners = rowsOf(owner, { hidden: ['secret'] });

  test('rowsOf creates, reads, changes and removes rows, and does not return hidden columns', async () => {
    const made = await owners(http).create({ name: 'Grace', secret: 'hidden' });
    expect(made).toEqual({ id: expect.any(String), name: 'Grace' });
    expect(await owners(http).get(made.id)).toEqual(made);
    expect(await owners(http).update(made.id, { secret: 'other' })).toEqual(made);
    expect(await query(url, `select secret from owner where id = '${made.id}'`)).toEqual([{ secret: 'other' }]);
    await owners(http).remove(made.id);
    expect(await owners(http).get(made.id)).toBeUndefined();
  });

  test('rowsOf finds nothing for a key that no row can have, and sends nothing', async () => {
    sent.length = 0;
    expect(await owners(http).get('7')).toBeUndefined();
    await expect(owners(http).update('7', { name: 'a' })).rejects.toMatchObject({ kind: 'not-found' });
    await expect(owners(http).update(ADA, {})).rejects.toBeInstanceOf(TypeError);
    expect(sent).toEqual([]);
  });
});

test('tables that the queries do not support are refused by name when the queries are defined', () => {
  const composite = pgTable('composite', { a: integer('a'), b: integer('b') }, (t) => [
    primaryKey({ columns: [t.a, t.b] }),
  ]);
  const without = pgTable('without_key', { a: integer('a') });
  const byTime = pgTable('by_time', { at: timestamp('at').primaryKey(), a: integer('a') });
  const byNumber = pgTable('by_number', { id: serial('id').primaryKey(), a: numeric('a') });
  const byDate = pgTable('by_date', { id: serial('id').primaryKey(), a: integer('a'), on: date('on') });
  expect(() => ownedBy(composite, 'a')).toThrow('"composite" needs a primary key of exactly one column');
  expect(() => rowsOf(without)).toThrow('"without_key" needs a primary key of exactly one column');
  expect(() => ownedBy(byTime, 'a')).toThrow('Column "at" of "by_time" is of type timestamp');
  expect(() => ownedBy(byNumber, 'a')).toThrow('Column "a" of "by_number" is of type numeric');
  expect(() => ownedBy(byDate, 'a', { filters: ['on'] })).toThrow('Column "on" of "by_date" is of type date');
  expect(() => ownedBy(byDate, 'b' as 'a')).toThrow('"by_date" has no column "b"');
});

test('the types of the queries are the table’s types without the owner', () => {
  type Serials = ReturnType<typeof serialsOf>;
  expectTypeOf<Parameters<Serials['create']>[0]>().not.toHaveProperty('ownerId');
  expectTypeOf<Parameters<Serials['update']>[1]>().not.toHaveProperty('ownerId');
  expectTypeOf<Serials['create']>().returns.resolves.toEqualTypeOf<typeof bySerial.$inferSelect>();
  expectTypeOf<Parameters<Serials['get']>[0]>().toEqualTypeOf<number>();
  expectTypeOf<Parameters<ReturnType<typeof names>['get']>[0]>().toEqualTypeOf<string>();
  expectTypeOf(serialsOf).parameter(1).toEqualTypeOf<string>();
  expectTypeOf<
    Awaited<ReturnType<ReturnType<ReturnType<typeof rowsOf<typeof owner, 'secret'>>>['create']>>
  >().toEqualTypeOf<Omit<typeof owner.$inferSelect, 'secret'>>();
  // A column without a default is required.
  expectTypeOf<{ label: string }>().not.toExtend<Parameters<ReturnType<typeof names>['create']>[0]>();
});
