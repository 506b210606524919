/** Boundary values of all types. A validator must refuse the values that its column refuses. */
import type { Column } from 'drizzle-orm';

const CHARACTERS = Object.values({
  ofOneToFourBytes: ['x', 'ß', '€', '𝕏'],
  composed: ['👩‍👩‍👧', 'e\u0301'],
  invisible: [' ', '\u00A0', '\u202E', '\uFEFF'],
  specialInSql: ["'", '\\'],
  specialInUtf8: ['\u0000', '\uD800'],
}).flat();

/** Lengths around that of the column and around 255, a common length. */
function lengthsOf(column: Column): number[] {
  const length = Number(/\((\d+)\)/.exec(column.getSQLType())?.[1] ?? 0);
  const around = length > 0 && length < 10_000 ? [length - 1, length, length + 1] : [];
  return [...new Set([1, ...around, 254, 255, 256])].filter((count) => count > 0);
}

/** Values to try in a column of any type. */
export function boundaryValues(column: Column): readonly unknown[] {
  return [
    ...CHARACTERS.flatMap((character) => lengthsOf(column).map((count) => character.repeat(count))),
    ...CHARACTERS.map((character) => `a${character}b@example.com`),
    ...[64, 65, 200, 242, 243, 244].map((count) => `${'a'.repeat(count)}@example.com`),
    ...OTHER_VALUES,
    ...(column.enumValues ?? []),
  ];
}

const OTHER_VALUES: readonly unknown[] = Object.values<readonly unknown[]>({
  words: ['', 'NULL', 'true', '0', 'abc', 'a@b', 'a@b.cc', 'A@B.CC', ' a@b.cc ', 'ä@ö.de', '"a b"@c.dd'],
  numberTexts: ['NaN', 'Infinity', '-Infinity', '1e1000', '123456789012345678901234567890.123456789', '-0.5'],
  dates: ['2026-02-28', '2026-02-30', '2026-02-28T12:00:00.000Z', '2026-02-28 12:00:00+00', '0000-01-01'],
  lateDates: ['99999-01-01', '294277-01-01'],
  times: ['24:00:00', '25:61:00', '1 day', 'P1D'],
  uuids: ['00000000-0000-4000-8000-000000000000', '{00000000-0000-4000-8000-000000000000}', 'not-a-uuid'],
  addresses: ['127.0.0.1', '127.0.0.1/8', '::1', '300.0.0.1'],
  arrayTexts: ['{}', '{a,b}', '[1,2]'],
  numbers: [0, 1, -1, 1.5, 1e300, Number.NaN, Number.POSITIVE_INFINITY],
  integerLimits: [2 ** 15 - 1, 2 ** 15, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, 2 ** 53 - 1, 2 ** 53],
  bigints: [0n, 2n ** 63n - 1n, 2n ** 63n],
  otherPrimitives: [true, false, null, undefined],
  arrays: [[], ['a'], ['a\0'], [1], [null], [[]]],
  objects: [{}, { a: 1 }, { a: 'b\0' }, { a: '\uD800' }],
  dateObjects: [new Date(0), new Date('9999-12-31T23:59:59.999Z'), new Date(8.64e15), new Date(Number.NaN)],
  bytes: [new Uint8Array([0, 255])],
}).flat();
