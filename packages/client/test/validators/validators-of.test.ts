/** The schemas of a table: their columns, the JSON forms that they accept, and the messages for a form. */
import { inspect } from 'node:util';

import { sql } from 'drizzle-orm';
import * as pg from 'drizzle-orm/pg-core';
import { describe, expect, expectTypeOf, test } from 'vitest';

import { validatorsFor, validatorsOf, z } from '../../src/validators/index.ts';
import { answerOf } from './agreement.ts';
import { type Kind, KINDS } from './kinds.ts';

const parcel = pg.pgTable('parcel', {
  id: pg.uuid().primaryKey().defaultRandom(),
  number: pg.serial(),
  counter: pg.integer().generatedAlwaysAsIdentity(),
  place: pg.integer().generatedByDefaultAsIdentity(),
  doubled: pg.integer().generatedAlwaysAs(sql`number * 2`),
  label: pg.varchar({ length: 20 }).notNull(),
  note: pg.text(),
  state: pg
    .text({ enum: ['packed', 'sent'] })
    .notNull()
    .default('packed'),
  weight: pg.numeric({ precision: 6, scale: 2 }),
  expiresAt: pg
    .timestamp({ withTimezone: true })
    .notNull()
    .default(sql`now() + interval '1 day'`),
  sentAt: pg.timestamp({ withTimezone: true }),
  createdAt: pg.timestamp({ withTimezone: true, mode: 'string' }).notNull().defaultNow(),
  version: pg
    .integer()
    .notNull()
    .default(1)
    .$onUpdate(() => sql`version + 1`),
});

const required = pg.pgTable('required', {
  text: pg.varchar({ length: 5 }).notNull(),
  note: pg.text().notNull().default('none'),
  json: pg.jsonb().notNull(),
  at: pg.date({ mode: 'date' }).notNull(),
  tags: pg.text().array().notNull(),
});

const { insert, update, select } = validatorsOf(parcel);
const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;
const messages = (schema: z.ZodType, value: unknown) => z.flattenError(schema.safeParse(value).error!);

/** Adds a title to each case, because JSON cannot show some values. */
function fields<T extends [kind: Kind, value: unknown, ...more: unknown[]]>(cases: T[]): [title: string, ...T][] {
  return cases.map((one) => [`${one[0]}, ${inspect(one[1])}`, ...one]);
}

describe('a new row', () => {
  test('a new row has no column that the server fills', () => {
    const written = ['label', 'note', 'state', 'weight', 'sentAt'];
    expect(Object.keys(insert.shape)).toEqual(written);
    expect(Object.keys(update.shape)).toEqual(written);
    expect(messages(insert, { label: 'a', createdAt: '2026-01-31T00:00:00Z' })).toEqual({
      formErrors: ['Unrecognized key: "createdAt"'],
      fieldErrors: {},
    });
  });

  test('a new row may leave out only a column that is nullable or has a default', () => {
    expect(insert.parse({ label: 'a' })).toEqual({ label: 'a' });
    expect(messages(insert, {}).fieldErrors).toEqual({ label: ['Required'] });
    expect(messages(insert, { label: null, state: null }).fieldErrors).toEqual({
      label: ['Required'],
      state: ['Required'],
    });
    expect(insert.parse({ label: 'a', note: null })).toEqual({ label: 'a', note: null });
  });

  test('a new row must have a value of every required type', () => {
    const { insert: strict } = validatorsOf(required);
    expect(messages(strict, {}).fieldErrors).toEqual({
      text: ['Required'],
      json: ['Required'],
      at: ['Required'],
      tags: ['Required'],
    });
    expect(messages(strict, { text: null, note: null, json: null, at: null, tags: null }).fieldErrors).toMatchObject({
      json: ['Required'],
      at: ['Required'],
    });
  });
});

test('a patch has at least one column, and may set only a nullable column to null', () => {
  expect(messages(update, {}).formErrors).toEqual(['Give at least one column a value']);
  expect(messages(update, { label: undefined }).formErrors).toEqual(['Give at least one column a value']);
  expect(accepts(update, { note: null })).toBe(true);
  expect(accepts(update, { label: null })).toBe(false);
});

test('a stored row has every column, in the form of a query and in the form of JSON', () => {
  const row = {
    id: 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11',
    number: 1,
    counter: 1,
    place: 1,
    doubled: 2,
    label: 'a',
    note: null,
    state: 'sent',
    weight: '1.50',
    expiresAt: new Date(5),
    sentAt: null,
    createdAt: '2026-01-31 13:45:00+00',
    version: 1,
  } satisfies typeof parcel.$inferSelect;
  expect(select.parse(row)).toEqual(row);
  expect(select.parse(JSON.parse(JSON.stringify(row)))).toEqual(row);
  expect(accepts(select, { ...row, more: 1 })).toBe(false);
  const { version: _, ...less } = row;
  expect(accepts(select, less)).toBe(false);
});

describe('which columns are sent', () => {
  test('`omit` and `keep` change which columns callers may send', () => {
    const chosen = validatorsOf(parcel, {}, { omit: ['label'], keep: ['expiresAt', 'version'] });
    expect(Object.keys(chosen.insert.shape)).toEqual(['note', 'state', 'weight', 'expiresAt', 'sentAt', 'version']);
    expectTypeOf<keyof z.infer<typeof chosen.insert>>().toEqualTypeOf<
      'note' | 'state' | 'weight' | 'expiresAt' | 'sentAt' | 'version'
    >();
    expect(chosen.update.parse({ expiresAt: '1970-01-01T00:00:00.005Z' })).toEqual({ expiresAt: new Date(5) });
  });

  test('`omit` and `keep` refuse generated columns and unknown columns', () => {
    // @ts-expect-error -- PostgreSQL refuses a value for it
    const { insert: kept } = validatorsOf(parcel, {}, { keep: ['doubled'] });
    expect(Object.keys(kept.shape)).not.toContain('doubled');
    // @ts-expect-error -- there is no such column
    const { insert: all } = validatorsOf(parcel, {}, { omit: ['lable'] });
    expect(Object.keys(all.shape)).toContain('label');
  });
});

const short = (derived: z.ZodString) => derived.max(3, 'Too long');

describe('a refinement', () => {
  const { insert: refined, select: stored } = validatorsOf(parcel, { label: short });

  test('a refinement extends the schema of its column', () => {
    expect(accepts(refined, { label: 'abc' })).toBe(true);
    expect(messages(refined, { label: 'abcd' }).fieldErrors).toEqual({ label: ['Too long'] });
    expect(messages(refined, { label: '\0' }).fieldErrors).toEqual({
      label: ['Text cannot contain the character U+0000'],
    });
  });

  test('a refinement keeps every limit of the column, even if it ignores the derived schema', () => {
    const { insert: loose } = validatorsOf(parcel, { label: () => z.string().trim() });
    expect(loose.parse({ label: ' a ' })).toEqual({ label: 'a' });
    expect(messages(loose, { label: 'x'.repeat(21) }).fieldErrors).toEqual({ label: ['At most 20 characters'] });
    expect(accepts(loose, { label: null })).toBe(false);
  });

  test('a refinement does not apply to stored rows', () => {
    expect(stored.shape.label.parse('abcd')).toBe('abcd');
  });

  test('a refinement of an unknown column is a compile error', () => {
    // @ts-expect-error -- misspelt
    expect(validatorsOf(parcel, { lable: short })).toBeDefined();
    // @ts-expect-error -- misspelt beside one that is right
    expect(validatorsOf(parcel, { label: short, nots: short })).toBeDefined();
  });
});

describe('a type that is not handled', () => {
  const bytea = pg.customType<{ data: Uint8Array }>({ dataType: () => 'bytea' });
  const file = pg.pgTable('file', { id: pg.integer().primaryKey(), bytes: bytea('content').notNull() });
  const ratio = pg.pgTable('ratio', { value: pg.numeric({ mode: 'bigint', precision: 5, scale: 2 }) });
  const shape = pg.pgTable('shape', { half: pg.halfvec({ dimensions: 3 }), tags: bytea().array() });

  test('a column of an unsupported type is refused when the validators are made, with its name and a remedy', () => {
    expect(() => validatorsOf(file)).toThrow(
      'No validator can be derived for the column "content" of the table "file": its type, bytea (PgCustomColumn), is not ' +
        'handled. Give it a schema in the refinements: validatorsOf(table, { bytes: () => schema }).',
    );
    expect(() => validatorsOf(ratio)).toThrow('numeric(5, 2) (PgNumericBigInt)');
    expect(() => validatorsOf(shape)).toThrow('halfvec(3) (PgHalfVector)');
    expect(() => validatorsOf(shape, { half: () => z.array(z.number()) })).toThrow('bytea[] (PgArray)');
  });

  test('an unsupported column uses the schema from the refinements, also for stored rows', () => {
    const own = validatorsOf(file, { bytes: () => z.instanceof(Uint8Array) });
    const row = { id: 1, bytes: new Uint8Array([1]) };
    for (const schema of [own.insert, own.update, own.select]) {
      expect(schema.parse(row)).toEqual(row);
      expect(accepts(schema, { id: 1, bytes: 'AQ==' })).toBe(false);
    }
  });
});

describe('the validators of a schema', () => {
  const label = pg.pgTable('label', { name: pg.text().notNull() });
  const state = pg.pgEnum('state', ['packed']);
  const module = { parcel, label, state };

  test('validatorsFor derives the validators of each table', () => {
    const { parcel: ofParcel, label: ofLabel, ...others } = validatorsFor(module);
    expect(others).toEqual({});
    expect(accepts(ofParcel.insert, { label: 'a' })).toBe(true);
    expect(accepts(ofLabel.select, { name: 'a' })).toBe(true);
  });

  test('validatorsFor uses the application’s own validators where they exist', () => {
    const own = validatorsOf(label, { name: (derived) => derived.min(1, 'Required') });
    const { label: ofLabel, parcel: ofParcel } = validatorsFor(module, { label: own });
    expect(ofLabel).toBe(own);
    expect(accepts(ofParcel.insert, { label: '' })).toBe(true);
  });

  test('validatorsFor refuses validators for an unknown table', () => {
    const own = validatorsOf(label);
    // @ts-expect-error -- misspelt
    expect(validatorsFor(module, { lable: own }).label).not.toBe(own);
    // @ts-expect-error -- not a table
    expect(validatorsFor(module, { state: own })).not.toHaveProperty('state');
  });
});

test('the types of the validators are the table’s types', () => {
  const settings = pg.pgTable('settings', {
    any: pg.jsonb().notNull(),
    typed: pg.jsonb().$type<{ isDark: boolean }>().notNull(),
    tag: pg.text().$type<'a' | 'b'>().array().notNull(),
    state: pg.boolean(),
  });
  const { select: ofSettings } = validatorsOf(settings);
  expectTypeOf<z.infer<typeof ofSettings>>().toEqualTypeOf<typeof settings.$inferSelect>();
  expectTypeOf(ofSettings.shape.any).not.toExtend<z.ZodString>();

  type Derived = typeof parcel.$inferInsert;
  expectTypeOf<z.infer<typeof select>>().toEqualTypeOf<typeof parcel.$inferSelect>();
  expectTypeOf<z.infer<typeof insert>>().toEqualTypeOf<
    Pick<Derived, 'label' | 'note' | 'state' | 'weight' | 'sentAt' | 'version'>
  >();
  expectTypeOf<z.infer<typeof update>>().toEqualTypeOf<{
    label?: string | undefined;
    note?: string | null | undefined;
    state?: 'packed' | 'sent' | undefined;
    weight?: string | null | undefined;
    sentAt?: Date | null | undefined;
    version?: number | undefined;
  }>();
  expectTypeOf<z.input<typeof insert>['sentAt']>().toEqualTypeOf<Date | string | null | undefined>();
});

describe('JSON forms of values that JSON lacks', () => {
  test.each(
    fields<[Kind, unknown, unknown]>([
      ['timestamptz', '2026-01-31T13:45:00.123Z', new Date('2026-01-31T13:45:00.123Z')],
      ['timestamptz', '2026-01-31T13:45:00.123456+02:00', new Date('2026-01-31T11:45:00.123Z')],
      ['timestamp', '2026-01-31T13:45:00', new Date('2026-01-31T13:45:00Z')],
      ['date', '2026-01-31', new Date('2026-01-31')],
      ['date', '2026-01-31T00:00:00.000Z', new Date('2026-01-31')],
      ['bigint', '-9223372036854775808', -(2n ** 63n)],
      ['numericBigint', '100000000000000000000', 10n ** 20n],
      ['timestamptzs', [['2026-01-31T13:45:00Z']], [[new Date('2026-01-31T13:45:00Z')]]],
      ['bigints', ['1', 2n], [1n, 2n]],
    ]),
  )('the JSON form %s is accepted', (_, kind, value, output) => {
    expect(answerOf(kind, value)).toEqual({ output });
  });

  test.each(
    fields<[Kind, unknown]>([
      ['timestamptz', '2026-01-31T13:45:00'],
      ['timestamptz', '2026-02-30T00:00:00Z'],
      ['timestamptz', 0],
      ['timestamp0', '2026-01-31T13:45:00.5Z'],
      ['date', '2026-02-30'],
      ['date', '2026-01-31T13:45:00Z'],
      ['bigint', '9223372036854775808'],
      ['bigint', '1.0'],
      ['bigint', 1],
      ['numericBigint20', '100000000000000000000'],
      ['integer', '1'],
      ['double', '1.5'],
      ['numeric', 1.5],
      ['boolean', 'true'],
      ['texts', 'a'],
      ['texts', ['a', null]],
      ['jsonb', () => 1],
    ]),
  )('the JSON form %s is refused', (_, kind, value) => {
    expect(answerOf(kind, value)).toHaveProperty('message');
  });
});

test.each(
  fields<[Kind, unknown, string]>([
    ['varchar5', 'abcdef', 'At most 5 characters'],
    ['char', 'ab', 'At most 1 character'],
    ['text', 1, 'Not a text'],
    ['mood', 'sad', 'Not one of: glad, so so, q"uote, back\\slash, NULL, {, '],
    ['integer', 1.5, 'Not a whole number'],
    ['integer', 2 ** 31, 'At most 2147483647'],
    ['bigintNumber', 1e300, 'At most 9007199254740991'],
    ['bigint', 2n ** 63n, 'At most 9223372036854775807'],
    ['numeric102', 'abc', 'Not a decimal number'],
    ['numeric102', '1.005', 'At most 2 decimals'],
    ['numeric102', '123456789', 'At most 8 digits before the point'],
    ['numeric4', '1.5', 'Not a whole number'],
    ['numericTens', '150', 'Not a multiple of 100'],
    ['numericTiny', '0.001', 'Not between -0.001 and 0.001'],
    ['numericNumber102', Number.NaN, 'Not a number'],
    ['real', 0.123456789, 'The column cannot keep this number exactly'],
    ['boolean', 'yes', 'Neither true nor false'],
    ['bit3', '10', 'Not 3 bits, each 0 or 1'],
    ['uuid', 'a', 'Not a UUID'],
    ['inet', '10.1.2', 'Not an IP address'],
    ['cidr', '10.1.2.3/8', 'Not a network: bits after the prefix are set'],
    ['macaddr', '08:00', 'Not a MAC address such as 08:00:2b:01:02:03'],
    ['date', new Date(1), 'A date has no time of day'],
    ['date', 'soon', 'Not a date between the years 1 and 9999'],
    ['dateString', '2026-02-30', 'Not a date such as 2026-01-31'],
    ['time2', '13:45:00.123', 'At most 2 decimals of a second'],
    ['timetz', '13:45', 'Not a time such as 13:45:00+02'],
    ['timestamp', 'soon', 'Not a time between the years 100 and 9999'],
    ['timestamp0', new Date(1), 'Not a whole second'],
    ['timestampString', '2026-01-31T13:45:00+02', 'Not a time in UTC'],
    ['timestamptzString', '2026-01-31T13:45:00', 'The offset from UTC is missing, such as Z or +02:00'],
    ['timestampString', '300000-01-01T00:00:00', 'This date is outside PostgreSQL’s range'],
    ['interval', 'soon', 'Not an interval such as 3 days 04:05:06'],
    ['intervalDay', '1 day 01:00', 'Not in whole days'],
    ['jsonb', { a: [undefined] }, 'Not JSON'],
    // A hole and an additional property: as many keys as elements.
    ['jsonb', Object.assign(Array(1), { note: 'a' }), 'Not JSON'],
    ['jsonb', { a: '\0' }, 'Text cannot contain the character U+0000'],
    ['jsonb', { '\ud83d': 1 }, 'Text contains a lone surrogate'],
    ['jsonb', [Number.NaN], 'JSON has no NaN and no infinity'],
    ['jsonb', '123', 'A string that is itself valid JSON would be returned as the parsed value'],
    ['point', [1], 'Not a point such as [1, 2]'],
    ['pointXy', { x: 1, y: 2, z: 3 }, 'Unrecognized key: "z"'],
    ['line', [0, 0, 1], 'Not a line: a and b are both zero'],
    ['integers', 'a', 'Not a list'],
    ['matrix', [[1], []], 'The inner lists are empty, or their lengths differ'],
  ]),
)('%s: the error message is fit for a form', (_, kind, value, message) => {
  expect(answerOf(kind, value)).toEqual({ message });
});

test.each(KINDS)('%s: a nullable column may hold null, and a stored row has the column', (kind) => {
  expect(answerOf(kind, null)).toEqual({ output: null });
  expect(accepts(validatorsOf(pg.pgTable('t', { a: pg.text() })).select, {})).toBe(false);
});
