/** Values that a column accepts or refuses, by its type. Its validator must agree. */
import { type Column, is } from 'drizzle-orm';
import { PgArray } from 'drizzle-orm/pg-core';

export interface Probe {
  readonly what: string;
  /** If the column accepts these values, the validator must accept at least one; else none. */
  readonly values: readonly unknown[];
  /** Whether the column accepts the values. */
  readonly fitsColumn: boolean;
}

/** The probes of a column. `isNotNull`: whether the column refuses null. `mayBeMissing`: whether a row may lack the column. */
export function probesOf(column: Column, isNotNull: boolean, mayBeMissing: boolean): Probe[] {
  return [
    { what: 'a missing value', values: [undefined], fitsColumn: mayBeMissing },
    { what: 'null', values: [null], fitsColumn: !isNotNull },
    ...typeProbes(column),
  ];
}

/** Probes of the column's type: a length, a range, a value that the type refuses, or the labels of an enum. */
function typeProbes(column: Column): Probe[] {
  const type = column.getSQLType();
  const length = Number(/^(?:var)?char\((\d+)\)$/.exec(type)?.[1] ?? 0);
  if (length > 0 && column.enumValues === undefined) return lengthProbes(length);
  const integer = INTEGERS[type];
  if (integer !== undefined && column.dataType === 'number') return rangeProbes(integer);
  const [, , refusedValue] =
    REFUSED.find(([pattern, dataType]) => pattern.test(type) && dataType === column.dataType) ?? [];
  if (refusedValue !== undefined)
    return [{ what: JSON.stringify(refusedValue), values: [refusedValue], fitsColumn: false }];
  if (column.enumValues !== undefined && !is(column, PgArray)) {
    return [
      ...column.enumValues.map((label): Probe => ({ what: JSON.stringify(label), values: [label], fitsColumn: true })),
      { what: 'an unknown label', values: ['not a label'], fitsColumn: false },
    ];
  }
  return [];
}

/** Probes for the length. PostgreSQL counts characters; JavaScript counts two units for one outside the basic multilingual plane. */
function lengthProbes(length: number): Probe[] {
  return [
    { what: `${length} letters`, values: textsOfLength(length, 'b'), fitsColumn: true },
    { what: `${length + 1} letters`, values: textsOfLength(length + 1, 'b'), fitsColumn: false },
    { what: `${length} characters outside the basic plane`, values: textsOfLength(length, '𝕏'), fitsColumn: true },
  ];
}

/** A word, an email address and a URL of this length, because a validator may require one of them. */
function textsOfLength(length: number, letter: string): string[] {
  return ['', 'a@', 'https://']
    .filter((beginning) => beginning.length < length)
    .map((beginning) => `${beginning}${letter.repeat(length - beginning.length)}`);
}

/** The largest value of each type. JavaScript reads a bigint in mode `number` only up to this value. */
const INTEGERS: Readonly<Record<string, number>> = {
  smallint: 2 ** 15 - 1,
  integer: 2 ** 31 - 1,
  bigint: Number.MAX_SAFE_INTEGER,
};

function rangeProbes(largest: number): Probe[] {
  return [
    { what: String(largest), values: [largest], fitsColumn: true },
    { what: String(largest + 1), values: [largest + 1], fitsColumn: false },
    { what: '1.5', values: [1.5], fitsColumn: false },
  ];
}

/** A value that the type refuses, by SQL type and Drizzle data type. */
const REFUSED: readonly (readonly [type: RegExp, dataType: string, value: unknown])[] = [
  [/^uuid$/, 'string', 'no uuid'],
  [/^date$/, 'string', '2026-02-30'],
  [/^timestamp/, 'string', '2026-02-30 00:00:00'],
  [/^time\b/, 'string', '25:61'],
  [/^numeric/, 'string', 'abc'],
  [/^interval/, 'string', 'no interval'],
  [/^(inet|cidr)$/, 'string', 'no address'],
  [/^text$/, 'string', 'a\0b'],
  [/^boolean$/, 'boolean', 'perhaps'],
];

/** Values that most validators of the type accept, the simplest first. */
export function samplesOf(column: Column): unknown[] {
  if (is(column, PgArray)) return [[]];
  if (column.enumValues !== undefined && column.enumValues.length > 0) return [...column.enumValues];
  switch (column.dataType) {
    case 'boolean':
      return [true];
    case 'number':
      return [1, 0, -1];
    case 'bigint':
      return [1n];
    case 'date':
      return [new Date('2001-02-03T00:00:00Z')];
    case 'json':
      return [{}, [], 'x', 1, { x: 1, y: 2 }, { a: 1, b: 2, c: 3 }];
    case 'array':
      return [[1, 2], [1, 2, 3], Array.from({ length: lengthOf(column) ?? 1 }, () => 1)];
    case 'string':
      return [...TEXTS, '1'.repeat(lengthOf(column) ?? 1)];
    default:
      return [...TEXTS, {}, Buffer.from('x'), 1];
  }
}

/** The length in `bit(3)` or `vector(3)`. */
function lengthOf(column: Column): number | undefined {
  const length = Number(/\((\d+)\)/.exec(column.getSQLType())?.[1]);
  return length > 0 && length < 10_000 ? length : undefined;
}

const TEXTS: readonly string[] = Object.values({
  words: ['a@b.cc', 'x', 'abc', '1', 'https://example.com/a', '00000000-0000-4000-8000-000000000000'],
  times: ['2001-02-03', '2001-02-03 04:05:06+00', '2001-02-03T04:05:06Z', '04:05:06', '13:45:00+02', '1 day', '1 year'],
  addresses: ['127.0.0.1', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05'],
  bits: ['1010'],
}).flat();
