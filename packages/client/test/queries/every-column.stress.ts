/** Every value is stored or refused: for every column, over each transport, and in a transaction. */
import { emptyBranch } from '@todo/local-neon/vitest';
import { getTableColumns, getTableName } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { connectHttp, connectWebSocket } from '../../src/index.ts';
import { ColumnError, ownedBy, type Queryable } from '../../src/queries/index.ts';
import { query } from '../query.ts';
import { createTables } from './create-tables.ts';
import { DEFAULTS, type Key, KEYS, type NewSample, NULLABLE, person, sample, VALUES } from './every-type.ts';

const { url } = await emptyBranch();
const app = { schema: { person, sample } };
const sent: string[] = [];
const logger = ({ statement }: { statement: string }) => void sent.push(statement);
const http = connectHttp(app, url, { logger });
const webSocket = connectWebSocket(app, url, { logger });
afterAll(() => webSocket.close());

const PERSON = 7;
const TABLE = `"odd ""schema"""."every ""type"""`;
beforeAll(async () => {
  await createTables(url, person, sample);
  await query(url, `insert into "odd ""schema""".person values (${PERSON})`);
});

const COLUMNS = new Map(Object.entries<PgColumn>(getTableColumns(sample)));

const samplesOf = ownedBy(sample, 'personId');

type Work = (db: Queryable) => Promise<void>;
const PLACES = {
  HTTP: (work: Work) => work(http),
  WebSocket: (work: Work) => work(webSocket),
  'a transaction': (work: Work) => webSocket.transaction(work),
};

/** The value of a column: one of the two values, null, or no value (undefined). */
type Choice = 0 | 1 | null | undefined;
type Choices = Readonly<Partial<Record<Key, Choice>>>;

function rowOf(choices: Choices): NewSample {
  const given = Object.entries(choices).flatMap(([key, choice]) => {
    if (choice === undefined) return [];
    // The keys are the keys of `choices`.
    return [[key, choice === null ? null : VALUES[key as Key][choice]![0]]];
  });
  // Each value belongs to its column.
  return Object.fromEntries(given) as NewSample;
}

/** The expected texts of a stored row, by column key. */
function textsOf(choices: Choices): Record<string, unknown> {
  return Object.fromEntries(KEYS.map((key) => [key, expectedText(key, choices[key])]));
}

function expectedText(key: Key, choice: Choice): unknown {
  if (choice === null) return null;
  if (choice !== undefined) return VALUES[key][choice]![1];
  return DEFAULTS[key] ?? null;
}

/** Rows in plain SQL, as texts by column key. */
async function stored(from: string, db?: Queryable): Promise<Record<string, string | null>[]> {
  const list = Array.from(COLUMNS, ([key, { name }]) => `"${name}"::text as "${key}"`);
  const select = `select ${list.join(', ')} from ${TABLE} as stored ${from} order by stored.id`;
  if (db === undefined) return (await query(url, `set timezone to 'UTC'`, select)) as Record<string, string | null>[];
  const { rows } = await db.execute<Record<string, string | null>>(select);
  return rows;
}

const one = async (db: Queryable, id: bigint) => (await stored(`where id = ${id}`, db))[0];

const allOf = (choice: Choice): Choices => Object.fromEntries(KEYS.map((key) => [key, choice]));
const CHOICES: readonly Choices[] = [
  {},
  allOf(0),
  allOf(1),
  Object.fromEntries(NULLABLE.map((key) => [key, null])),
  ...KEYS.flatMap((key) => [{ [key]: 0 }, { [key]: 1 }]),
  ...NULLABLE.map((key) => ({ [key]: null })),
];

const choices = fc
  .dictionary(fc.constantFrom(...KEYS), fc.constantFrom<Choice>(0, 1, null), { maxKeys: 8, noNullPrototype: true })
  // A NOT NULL column takes no null.
  .map((given): Choices =>
    Object.fromEntries(
      Object.entries(given).filter(([key, choice]) => choice !== null || NULLABLE.includes(key as Key)),
    ),
  );

describe.each(Object.entries(PLACES))('over %s', (_, within) => {
  test('create stores each value in its column, stores null where it is null, and stores the default where there is no value', () =>
    within(async (db) => {
      for (const given of CHOICES) {
        const { id } = await samplesOf(db, PERSON).create(rowOf(given));
        expect(await one(db, id)).toMatchObject(textsOf(given));
      }
    }));

  test('update changes only the columns in the patch', () =>
    within(async (db) => {
      const before = { ...allOf(0), boolean: undefined } as const;
      const { id } = await samplesOf(db, PERSON).create(rowOf(before));
      const current: Record<string, Choice> = { ...before };
      for (const given of CHOICES) {
        if (Object.keys(given).length === 0) continue;
        await samplesOf(db, PERSON).update(id, rowOf(given));
        Object.assign(current, given);
        expect(await one(db, id)).toMatchObject(textsOf(current));
      }
    }));

  test.each([
    ['1 row', CHOICES.slice(1, 2)],
    ['1 row that is given nothing', CHOICES.slice(0, 1)],
    ['3 rows with the same columns', [allOf(0), allOf(1), allOf(0)]],
    ['3 rows that are given nothing', [{}, {}, {}]],
    ['3 rows with other columns', CHOICES.slice(3, 6)],
    ['a row for each column', CHOICES],
  ])('createMany stores %s in order', (__, many) =>
    within(async (db) => {
      const [{ last } = { last: 0 }] = await lastId(db);
      expect(await samplesOf(db, PERSON).createMany(many.map(rowOf))).toBe(many.length);
      const rows = await stored(`where id > ${last}`, db);
      expect(rows).toHaveLength(many.length);
      for (const [index, given] of many.entries()) expect(rows[index]).toMatchObject(textsOf(given));
    }),
  );

  test('createMany stores 12,000 rows in order, with equal and with different columns', () =>
    within(async (db) => {
      const numbers = Array.from({ length: 12_000 }, (__, n) => n);
      const same = numbers.map((n): Choices => ({
        text: n % 2 ? 1 : 0,
        integers: n % 3 ? 0 : 1,
        jsonb: n % 5 ? 1 : 0,
        mood: null,
      }));
      const any = numbers.map((n): Choices => ({ [KEYS[n % KEYS.length]!]: 0, [KEYS[(n * 7) % KEYS.length]!]: 1 }));
      for (const many of [same, any]) {
        const given = many.map(rowOf);
        const [{ last } = { last: 0 }] = await lastId(db);
        expect(await samplesOf(db, PERSON).createMany(given)).toBe(many.length);
        const rows = await stored(`where id > ${last}`, db);
        expect(rows).toHaveLength(many.length);
        // `toMatchObject` for each row would take minutes.
        const wrong = many.flatMap((chosen, index) =>
          KEYS.filter((key) => !matches(rows[index]?.[key], expectedText(key, chosen[key]))).map((key) => ({
            index,
            key,
          })),
        );
        expect(wrong).toEqual([]);
      }
    }));

  test('create and createMany store the same rows for every set of columns', () =>
    fc.assert(
      fc.asyncProperty(fc.array(choices, { minLength: 1, maxLength: 6 }), (many) =>
        within(async (db) => {
          const [{ last } = { last: 0 }] = await lastId(db);
          await samplesOf(db, PERSON).createMany(many.map(rowOf));
          for (const given of many) await samplesOf(db, PERSON).create(rowOf(given));
          const rows = await stored(`where id > ${last}`, db);
          expect(rows).toHaveLength(2 * many.length);
          for (const [index, given] of [...many, ...many].entries()) expect(rows[index]).toMatchObject(textsOf(given));
        }),
      ),
      { numRuns: 30 },
    ));

  test.each(refusals())('%s is refused by name, and nothing is sent', (__, key, value) =>
    within(async (db) => {
      const { id } = await samplesOf(db, PERSON).create({});
      sent.length = 0;
      const given = Object.fromEntries([[key, value]]) as NewSample;
      const column = COLUMNS.get(key)?.name ?? key;
      const refusal = { name: 'ColumnError', code: 'COLUMN_REFUSED', table: getTableName(sample), column };
      await expect(samplesOf(db, PERSON).create(given)).rejects.toMatchObject(refusal);
      await expect(samplesOf(db, PERSON).createMany([{}, given])).rejects.toMatchObject(refusal);
      await expect(samplesOf(db, PERSON).update(id, given)).rejects.toMatchObject(refusal);
      expect(sent).toEqual([]);
    }),
  );
});

/** Where each row has its own text, any text matches. */
function matches(text: unknown, expected: unknown): boolean {
  return typeof expected === 'string' || expected === null ? text === expected : typeof text === 'string';
}

const lastId = async (db: Queryable) =>
  (await db.execute<{ last: number }>(`select coalesce(max(id), 0)::int as last from ${TABLE}`)).rows;

function refusals(): [title: string, key: string, value: unknown][] {
  const others: Record<string, unknown> = {
    string: 7,
    number: '7',
    boolean: 'true',
    bigint: 7,
    date: '2024-01-01',
    array: 'a',
  };
  return [
    ['a key that is no column', 'misspelt', 1],
    ['a key that every object has', 'constructor', 1],
    ['a prototype', '__proto__', {}],
    ['a column by its name in PostgreSQL', 'with_default', 1],
    ['the owner', 'personId', 8],
    ['the primary key', 'id', 8n],
    ['a generated column', 'doubled', 8],
    ['an identity that is always generated', 'always', 8],
    ['the time of creation', 'createdAt', new Date()],
    ['the time of the last change', 'updatedAt', new Date()],
    ['an SQL expression', 'text', sample.text],
    ['a lone surrogate', 'text', 'a\ud83d'],
    ['a lone surrogate in an array', 'texts', ['a\ud83d']],
    ['a hole in an array', 'texts', [undefined, 'a']],
    ['a date that is none', 'timestamptz', new Date(Number.NaN)],
    // PostgreSQL refuses a wrong object for all columns except points and lines.
    ...KEYS.filter((key) => key !== 'pointXy' && key !== 'lineAbc').map((key): [string, string, unknown] => [
      `a value of another type for ${key}`,
      key,
      others[COLUMNS.get(key)!.dataType] ?? Symbol('value'),
    ]),
  ];
}

describe('a value that is too long for its column is refused, not truncated', () => {
  test.each<[Key, unknown]>([
    ['varchar', '123456'],
    ['char', '1234'],
    ['oneChar', '12'],
    ['bits', '1011'],
    ['varchars', ['1234']],
  ])('%s', async (key, value) => {
    const given = { [key]: value } as NewSample;
    const { id } = await samplesOf(http, PERSON).create({});
    for (const db of [http, webSocket]) {
      const refusal = { kind: 'refused', code: expect.stringMatching(/^22001|22026$/) };
      await expect(samplesOf(db, PERSON).create(given)).rejects.toMatchObject(refusal);
      await expect(samplesOf(db, PERSON).createMany([given])).rejects.toMatchObject(refusal);
      await expect(samplesOf(db, PERSON).createMany([given, { withDefault: 3 }])).rejects.toMatchObject(refusal);
      await expect(samplesOf(db, PERSON).update(id, given)).rejects.toMatchObject(refusal);
    }
  });
});

test('a default function gives each row a new value, whichever statement writes the row', async () => {
  const samples = samplesOf(webSocket, PERSON);
  const [{ last } = { last: 0 }] = await lastId(webSocket);
  for (let n = 0; n < 3; n += 1) await samples.create({});
  await samples.createMany([{}, {}, {}]);
  await samples.createMany([{ withDefault: 1 }, {}, {}]);
  const rows = await stored(`where id > ${last}`);
  expect(new Set(rows.map(({ withFunction }) => withFunction))).toHaveLength(9);
});

test('`$onUpdate` gives a new value at each update, as an SQL expression and as a function', async () => {
  const samples = samplesOf(webSocket, PERSON);
  const { id, changedAt, changes } = await samples.create({});
  await query(url, `update ${TABLE} set updated_at = '2000-01-01', changed_at = '2000-01-01' where id = ${id}`);
  for (const text of ['a', 'b']) {
    const before = Date.now();
    const changed = await samples.update(id, { text });
    expect(changed.updatedAt.getTime()).toBeGreaterThan(Date.parse('2001-01-01'));
    expect(changed.changedAt?.getTime()).toBeGreaterThanOrEqual(before);
  }
  expect(changedAt).toBeInstanceOf(Date);
  expect(changes).toBe(0);
  expect(await samples.get(id)).toMatchObject({ changes: 2 });
});

test('a connection keeps a limited number of prepared statements, however many sets of columns there are', async () => {
  const own = connectWebSocket(app, url, { connectionsMax: 1 });
  const samples = ownedBy(sample, 'personId');
  await own.transaction(async (tx) => {
    for (const key of KEYS)
      for (const other of KEYS.slice(0, 3)) await samples(tx, PERSON).create(rowOf({ [key]: 0, [other]: 0 }));
    const { rows } = await tx.execute<{ count: number }>('select count(*)::int from pg_prepared_statements');
    expect(rows[0]?.count).toBeLessThanOrEqual(64);
    expect(rows[0]?.count).toBeGreaterThan(32);
  });
  await own.close();
});

test('a ColumnError contains no value', async () => {
  const refused = samplesOf(http, PERSON).create({ integer: 'secret' as unknown as number });
  await expect(refused).rejects.toBeInstanceOf(ColumnError);
  await expect(refused).rejects.toMatchObject({ message: expect.not.stringContaining('secret') });
});
