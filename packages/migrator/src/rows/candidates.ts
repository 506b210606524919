/** Suggests values for a column that an expression restricts. */
import { type Literals, literalsOf, removeDuplicates } from './literals.ts';
import { numberCandidates } from './number-candidates.ts';
import { arrayText, hex, parseType, sampleValue } from './sample-value.ts';
import type { ColumnShape } from './table-shape.ts';
import { textCandidates } from './text-candidates.ts';
import { dateCandidates, intervalCandidates, rangeCandidates, timeCandidates } from './time-candidates.ts';

/** The number of plain samples among the candidates. */
const SAMPLES = 60;

/** The step between the numbers of distant samples: two dates with this step are in different years. */
const FAR_STEP = 600_011;

/** Returns values to try, as text of the column's type: a sample value, values that the expressions suggest, and more sample values. */
export function candidatesOf(column: ColumnShape, expressions: readonly string[], seed: number): string[] {
  // Small numbers keep the result of an expression within the range of its type.
  const start = column.category === 'N' ? seed % 10_000 : seed;
  const near = sampleValues(column, start, 1);
  const suggestions = suggestValues(column, literalsOf(expressions), seed);
  return removeDuplicates([...near.slice(0, 1), ...suggestions, ...near, ...sampleValues(column, seed, FAR_STEP)]);
}

const TEXT_TYPES = new Set(['text', 'character varying', 'character', 'bpchar', 'citext', 'name']);
const NUMBER_TYPES = new Set(['smallint', 'integer', 'bigint', 'numeric', 'real', 'double precision', 'money']);

const sampleValues = (column: ColumnShape, start: number, step: number): string[] =>
  Array.from({ length: SAMPLES }, (_, index) => sampleValue(column, start + index * step)).filter(
    (value) => value !== undefined,
  );

/** Returns values that conditions with these literals may accept. Another seed gives other values, for unique keys. */
function suggestValues(column: ColumnShape, literals: Literals, seed: number): string[] {
  if (column.labels !== undefined) return [...column.labels];
  const { element, ...arrayColumn } = column;
  if (element !== undefined) {
    const elements = suggestValues({ ...arrayColumn, ...element, isArray: false }, literals, seed);
    return arrayCandidates(elements, column, literals);
  }
  const { name, modifiers } = parseType(column);
  if (TEXT_TYPES.has(name)) return textCandidates(literals, seed, column.maxLength);
  if (NUMBER_TYPES.has(name)) return numberCandidates(name, modifiers, literals, seed);
  switch (name) {
    case 'date':
    case 'timestamp without time zone':
    case 'timestamp with time zone':
      return dateCandidates(literals, name !== 'date');
    case 'time without time zone':
    case 'time with time zone':
      return timeCandidates(literals);
    case 'interval':
      return intervalCandidates(literals);
    case 'json':
    case 'jsonb':
      return jsonCandidates(literals);
    case 'bytea':
      return literals.numbers.filter(isPlausibleLength).map((length) => byteaText(length, seed));
    case 'uuid':
      return literals.strings.filter((text) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text));
    case 'inet':
      return ['10.0.0.1', '192.168.1.1', '::1', '10.0.0.0/8', ...literals.strings.filter((text) => ADDRESS.test(text))];
    case 'cidr':
      return ['10.0.0.0/8', '192.168.1.0/24', '::1/128', ...literals.strings.filter((text) => ADDRESS.test(text))];
    default:
      return rangeCandidates(name, seed);
  }
}

const isPlausibleLength = (length: number): boolean => Number.isInteger(length) && length > 0 && length <= 5000;

/** `length` bytes, in PostgreSQL's hex format. The last bytes contain the seed. */
const byteaText = (length: number, seed: number): string => String.raw`\x${hex(seed, 2 * length)}`;

/** An IPv4 address, or an IPv6 address with `::`; also with a prefix length. */
const ADDRESS = /^(?:\d+(?:\.\d+){3}|[\da-f:]*::[\da-f:]*)(?:\/\d+)?$/i;

/** Arrays of no element, of one element, of the elements that the condition names, and of the lengths in the condition. */
function arrayCandidates(elements: readonly string[], column: ColumnShape, literals: Literals): string[] {
  const { strings, numbers } = literals;
  const toArray = (list: readonly string[]) => arrayText(list, column.dimensions);
  const ofOne = elements.slice(0, 10).map((element) => toArray([element]));
  const ofNamedLength = numbers
    .flatMap((length) => (isPlausibleLength(length) && length <= 100 ? [length - 1, length, length + 1] : []))
    .map((length) => toArray(Array.from({ length }, (_, index) => elements[index % elements.length] ?? '')));
  const ofNamedElements = toArray(strings.filter((text) => elements.includes(text)));
  return ['{}', ...ofOne, ofNamedElements, ...(elements.length > 0 ? ofNamedLength : [])];
}

/** JSON values: common ones, objects with all strings of the expression as keys, and objects with one of these keys. */
function jsonCandidates({ strings, numbers }: Literals): string[] {
  const keys = strings.slice(0, 6);
  const values = [...keys, ...numbers.slice(0, 3), true, {}, []];
  const withAllKeys = values.slice(0, 6).map((value) => Object.fromEntries(keys.map((key) => [key, value])));
  const withOneKey = keys.flatMap((key) => values.map((value) => ({ [key]: value })));
  const objects = [...withAllKeys, ...withOneKey].map((value) => JSON.stringify(value));
  return ['{}', '[]', '[1]', '"a"', '1', 'true', 'null', ...objects];
}
