/** Suggests values for a column that an expression restricts. */
import { type Literals, literalsOf, removeDuplicates } from './literals.ts';
import { numberCandidates } from './number-candidates.ts';
import { arrayText, parseType, sampleValue } from './sample-value.ts';
import type { ColumnShape } from './table-shape.ts';
import { textCandidates } from './text-candidates.ts';
import { dateCandidates, intervalCandidates, rangeCandidates, timeCandidates } from './time-candidates.ts';

/** The number of plain samples among the candidates. */
const SAMPLES = 60;

/** The step between the numbers of distant samples: two dates with this step are in different years. */
const FAR_STEP = 600_011;

/** Values as text of the column's type: first a sample value, then values that the expressions suggest. */
export function candidatesOf(column: ColumnShape, expressions: readonly string[], n: number): string[] {
  // Small numbers keep the result of an expression within the range of its type.
  const start = column.category === 'N' ? n % 10_000 : n;
  const [first, ...near] = sampleValues(column, start, 1);
  const suggestions = suggestValues(column, literalsOf(expressions), n);
  return removeDuplicates([
    ...(first === undefined ? [] : [first]),
    ...suggestions,
    ...near,
    ...sampleValues(column, n, FAR_STEP),
  ]);
}

const sampleValues = (column: ColumnShape, n: number, step: number): string[] =>
  Array.from({ length: SAMPLES }, (_, index) => sampleValue(column, n + index * step)).filter(
    (value) => value !== undefined,
  );

function suggestValues(column: ColumnShape, literals: Literals, n: number): string[] {
  if (column.labels !== undefined) return [...column.labels];
  const { element, ...itself } = column;
  if (element !== undefined) {
    return arrayCandidates(suggestValues({ ...itself, ...element, isArray: false }, literals, n), column, literals);
  }
  const { name, modifiers } = parseType(column);
  switch (name) {
    case 'text':
    case 'character varying':
    case 'character':
    case 'bpchar':
    case 'citext':
    case 'name':
      return textCandidates(literals, n, column.maxLength);
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'numeric':
    case 'real':
    case 'double precision':
    case 'money':
      return numberCandidates(name, modifiers, literals, n);
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
      return literals.numbers.filter(isPlausibleLength).map(
        (length) =>
          String.raw`\x${n
            .toString(16)
            .padStart(2 * length, '0')
            .slice(-2 * length)}`,
      );
    case 'uuid':
      return literals.strings.filter((text) => /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text));
    case 'inet':
      return ['10.0.0.1', '192.168.1.1', '::1', '10.0.0.0/8', ...literals.strings.filter((text) => ADDRESS.test(text))];
    case 'cidr':
      return ['10.0.0.0/8', '192.168.1.0/24', '::1/128', ...literals.strings.filter((text) => ADDRESS.test(text))];
    default:
      return rangeCandidates(name, n);
  }
}

const isPlausibleLength = (length: number): boolean => Number.isInteger(length) && length > 0 && length <= 5000;

const ADDRESS = /^(?:\d+(?:\.\d+){3}|[\da-f:]*::[\da-f:]*)(?:\/\d+)?$/i;

function arrayCandidates(
  elements: readonly string[],
  { dimensions }: ColumnShape,
  { strings, numbers }: Literals,
): string[] {
  const toArray = (list: readonly string[]) => arrayText(list, dimensions);
  const some = elements.slice(0, 10);
  const long = numbers
    .flatMap((length) => (isPlausibleLength(length) && length <= 100 ? [length - 1, length, length + 1] : []))
    .map((length) => toArray(Array.from({ length }, (_, index) => elements[index % elements.length] ?? '')));
  const all = strings.filter((text) => elements.includes(text));
  return ['{}', ...some.map((element) => toArray([element])), toArray(all), ...(elements.length > 0 ? long : [])];
}

/** Objects with one and with two keys, from the strings and numbers of the expression. */
function jsonCandidates({ strings, numbers }: Literals): string[] {
  const names = strings.slice(0, 6);
  const values = [...names, ...numbers.slice(0, 3), true, {}, []];
  const pairs = names.flatMap((name) => values.map((value) => ({ [name]: value })));
  const whole = values.slice(0, 6).map((value) => Object.fromEntries(names.map((name) => [name, value])));
  return ['{}', '[]', '[1]', '"a"', '1', 'true', 'null', ...[...whole, ...pairs].map((value) => JSON.stringify(value))];
}
