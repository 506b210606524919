/** Returns a valid value for each type of PostgreSQL, as text. Different numbers give different values. */
import type { ColumnShape, TypeShape } from './table-shape.ts';

/** Returns the text of the value with the number `n`. `modifiers` are those of the type: [5, 2] for `numeric(5,2)`. */
type MakeValue = (n: number, modifiers: readonly number[]) => string;

/** Returns value `n`; undefined for an unknown type. Different numbers give different values, as far as the type allows. */
export function sampleValue(column: ColumnShape, n: number): string | undefined {
  if (column.element !== undefined) {
    const element = column.element.isRestricted === true ? undefined : sampleOfType(column.element, n);
    // An empty array is valid for any element type.
    return element === undefined ? '{}' : arrayText([element], column.dimensions);
  }
  if (column.fields !== undefined)
    return recordText(column.fields.map((field) => (field.isRestricted === true ? undefined : sampleOfType(field, n))));
  return sampleOfType(column, n);
}

/**
 * The text of an array with one list of elements and any number of dimensions:
 * https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export const arrayText = (elements: readonly string[], dimensions = 1): string =>
  elements.length === 0
    ? '{}'
    : `${'{'.repeat(dimensions)}${elements.map(quoteElement).join(',')}${'}'.repeat(dimensions)}`;

const recordText = (fields: readonly (string | undefined)[]): string =>
  `(${fields.map((field) => (field === undefined ? '' : quoteElement(field))).join(',')})`;

const quoteElement = (text: string): string => `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`;

/** The number of different sample values; for an array, of its elements. Infinity stands for many. */
export function countSamples(column: ColumnShape): number {
  const type = column.element ?? column;
  const { name, modifiers } = parseType(type);
  if (type.labels !== undefined) return type.labels.length;
  // The size is the length, or the precision of `numeric`.
  const [size = Infinity, scale = 0] = modifiers;
  switch (name) {
    case 'boolean':
      return 2;
    case '"char"':
      return 26;
    case 'character':
    case 'character varying':
      return 36 ** size;
    case 'bit':
    case 'bit varying':
      return 2 ** size;
    case 'numeric':
      return 10 ** (scale >= size ? size : size - Math.max(scale, 0));
    default:
      // `regclass`, `regtype` and the like have one sample each.
      return name.startsWith('reg') ? 1 : Infinity;
  }
}

function sampleOfType(type: TypeShape, n: number): string | undefined {
  if (type.labels !== undefined) return type.labels[n % type.labels.length];
  const { name, modifiers } = parseType(type);
  return VALUE_MAKERS[name]?.(n, modifiers);
}

/** Splits `numeric(5,2)` into `numeric` and [5, 2]. The schema of an extension's type is left out. */
export function parseType({ baseType }: TypeShape): { name: string; modifiers: number[] } {
  const modifiers = /\(([^)]*)\)/.exec(baseType)?.[1] ?? '';
  const name = baseType
    .replace(/\([^)]*\)/, '')
    .replace(/^.*\.(?=[^"]+$)/, '')
    .replace(/^interval .*/, 'interval');
  return {
    name,
    modifiers: modifiers
      .split(',')
      .filter((part) => /^\s*-?\d+$/.test(part))
      .map(Number),
  };
}

const word = (n: number): string => `row${n.toString(36)}`;

/** A word of at most `length` characters. For different numbers, the last characters differ. */
const shortWord: MakeValue = (n, [length = Infinity]) =>
  word(n).length <= length ? word(n) : n.toString(36).padStart(length, '0').slice(-length);

const bits: MakeValue = (n, [length = 1]) => (n % 2 ** Math.min(length, 31)).toString(2).padStart(length, '0');

/** The lowest hexadecimal digits of `n`. */
export const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0').slice(-digits);

/** The lowest `count` bytes of `n`, the highest of them first. */
const bytes = (n: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => Math.floor(n / 256 ** (count - 1 - index)) % 256);

const DAY_MS = 86_400_000;

/** One of the days of 27 years, from 2000 on. */
const day = (n: number): string => new Date(Date.UTC(2000, 0, 1) + (n % 10_000) * DAY_MS).toISOString().slice(0, 10);

/** One of the minutes of 19 years, from 2000 on. */
const minute = (n: number): string =>
  new Date(Date.UTC(2000, 0, 1) + (n % 10_000_000) * 60_000).toISOString().replace('T', ' ').slice(0, 19);

const clock = (n: number): string => new Date((n % 86_400) * 1000).toISOString().slice(11, 19);

/** A number that fits the precision: with a scale, it has no decimals, or only decimals if the scale is not below the precision. */
function numeric(n: number, [precision = 9, scale = 0]: readonly number[]): string {
  const digits = scale >= precision ? precision : precision - Math.max(scale, 0);
  const whole = n % 10 ** Math.min(digits, 9);
  if (scale >= precision) return `0.${String(whole).padStart(scale, '0')}`;
  // In numeric(2,-3), the last three digits are zeros.
  return scale < 0 ? `${whole}${'0'.repeat(-scale)}` : String(whole);
}

const span = (start: string, end: string): string => `[${start},${end})`;

/** By subtype, ranges that do not overlap for different numbers, so that an exclusion constraint accepts them. */
const RANGES: Record<string, MakeValue> = {
  int4: (n) => span(String((n % 200_000_000) * 10), String((n % 200_000_000) * 10 + 5)),
  int8: (n) => span(String(n * 10), String(n * 10 + 5)),
  num: (n) => span(String(n), `${n}.5`),
  date: (n) => span(day((n * 2) % 9998), day(((n * 2) % 9998) + 1)),
  ts: (n) => span(`"${minute((n * 10) % 9_999_990)}"`, `"${minute(((n * 10) % 9_999_990) + 5)}"`),
  tstz: (n) => span(`"${minute((n * 10) % 9_999_990)}+00"`, `"${minute(((n * 10) % 9_999_990) + 5)}+00"`),
};

const ranges = Object.entries(RANGES).flatMap(([name, make]): [string, MakeValue][] => [
  [`${name}range`, make],
  [`${name}multirange`, (n, modifiers) => `{${make(n, modifiers)}}`],
]);

const VALUE_MAKERS: Record<string, MakeValue | undefined> = {
  smallint: (n) => String(n % 32_767),
  integer: (n) => String(n % 2_147_483_647),
  bigint: String,
  numeric,
  // A real represents integers of 24 bits exactly.
  real: (n) => String(n % 2 ** 24),
  'double precision': String,
  money: (n) => `${n % 1_000_000}.00`,
  boolean: (n) => String(n % 2 === 1),
  text: word,
  'character varying': shortWord,
  character: (n, [length = 1]) => shortWord(n, [length]).padEnd(length, 'x'),
  bpchar: word,
  citext: word,
  name: word,
  '"char"': (n) => String.fromCodePoint(97 + (n % 26)),
  uuid: (n) => `00000000-0000-4000-8000-${hex(n, 12)}`,
  date: day,
  'timestamp without time zone': minute,
  'timestamp with time zone': (n) => `${minute(n)}+00`,
  'time without time zone': clock,
  'time with time zone': (n) => `${clock(n)}+00`,
  interval: (n) => `${n % 1_000_000} seconds`,
  bytea: (n) => String.raw`\x${hex(n, 8)}`,
  inet: (n) => `10.${bytes(n, 3).join('.')}`,
  cidr: (n) => `10.${bytes(n, 3).join('.')}/32`,
  macaddr: (n) => ['08', '00', ...bytes(n, 4).map((byte) => hex(byte, 2))].join(':'),
  macaddr8: (n) => ['08', '00', '00', '00', ...bytes(n, 4).map((byte) => hex(byte, 2))].join(':'),
  bit: bits,
  'bit varying': (n, [length = 31]) => bits(n, [Math.min(length, 31)]),
  json: (n) => JSON.stringify({ row: n }),
  jsonb: (n) => JSON.stringify({ row: n }),
  jsonpath: (n) => `$."${word(n)}"`,
  xml: (n) => `<row>${n}</row>`,
  tsvector: word,
  tsquery: word,
  point: (n) => `(${n},0)`,
  line: (n) => `{1,-1,${n}}`,
  lseg: (n) => `[(0,0),(${n},1)]`,
  box: (n) => `(${n + 1},1),(${n},0)`,
  path: (n) => `[(0,0),(${n},1)]`,
  polygon: (n) => `((0,0),(${n},0),(0,1))`,
  circle: (n) => `<(${n},0),1>`,
  pg_lsn: (n) => `0/${n.toString(16)}`,
  pg_snapshot: (n) => `${n}:${n}:`,
  txid_snapshot: (n) => `${n}:${n}:`,
  oid: String,
  xid: String,
  xid8: String,
  cid: String,
  tid: (n) => `(${n},1)`,
  regclass: () => 'pg_class',
  regtype: () => 'integer',
  regproc: () => 'now',
  regrole: () => 'pg_monitor',
  regnamespace: () => 'pg_catalog',
  ...Object.fromEntries(ranges),
  // Types of extensions: pgvector, hstore, ltree, cube, PostGIS.
  vector: (n, [dimensions = 3]) => `[${[n % 2 ** 24, ...Array<number>(dimensions - 1).fill(0)].join(',')}]`,
  halfvec: (n, [dimensions = 3]) => `[${[n % 2 ** 11, ...Array<number>(dimensions - 1).fill(0)].join(',')}]`,
  sparsevec: (n, [dimensions = 3]) => `{1:${n % 2 ** 24}}/${dimensions}`,
  hstore: (n) => `"row"=>"${n}"`,
  ltree: word,
  lquery: word,
  cube: (n) => `(${n})`,
  geometry: (n, [srid]) => `${srid === undefined ? '' : `SRID=${srid};`}POINT(${n % 180} ${n % 90})`,
  geography: (n) => `SRID=4326;POINT(${n % 180} ${n % 90})`,
};
