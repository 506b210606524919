/** A result as the JSON of Neon's answer, in raw-text and in parsed mode, rows as objects and as arrays. */
import { closingQuote } from './quoted-text.ts';
import type { RawResult } from './raw-query.ts';

/** The type of an array's elements, by the array's type; null for a type that is no array. */
export type ElementTypes = ReadonlyMap<number, number | null>;

export interface ResultModes {
  readonly arrayMode: boolean;
  /** Values are parsed with these; undefined leaves PostgreSQL's text. */
  readonly elementTypes: ElementTypes | undefined;
}

/** Written by hand and not by `JSON.stringify`, for json values go in verbatim: digits and key order kept. */
export function resultJson(result: RawResult, { arrayMode, elementTypes }: ResultModes): string {
  const { fields, command, rowCount } = result;
  const head = JSON.stringify({ fields, command, rowCount, rowAsArray: arrayMode });
  return `${head.slice(0, -1)},"rows":${rowsJson(result, arrayMode, elementTypes)}}`;
}

function rowsJson({ fields, rows }: RawResult, arrayMode: boolean, elementTypes: ElementTypes | undefined): string {
  // What Neon's driver asks for, and the one form that JSON.stringify writes as it is.
  if (arrayMode && !elementTypes) return JSON.stringify(rows);
  const cells = fields.map(({ dataTypeID }) => cellWriter(encoderOf(dataTypeID, elementTypes)));
  const rowJson = arrayMode
    ? (row: Row): string => `[${row.map((text, column) => cells[column]!(text)).join(',')}]`
    : objectWriter(fields, cells);
  return `[${rows.map(rowJson).join(',')}]`;
}

type Row = RawResult['rows'][number];
type CellWriter = (text: string | null) => string;

function cellWriter(encode: Encoder): CellWriter {
  return (text) => (text === null ? 'null' : encode(text));
}

/** Of two columns of one name the last counts, in the place of the first: as in an object literal. */
function objectWriter(fields: RawResult['fields'], cells: readonly CellWriter[]): (row: Row) => string {
  const columns = new Map(fields.map(({ name }, column) => [name, column]));
  const members = [...columns].map(([name, column]) => ({ start: `${JSON.stringify(name)}:`, column }));
  return (row) => `{${members.map(({ start, column }) => start + cells[column]!(row[column]!)).join(',')}}`;
}

type Encoder = (text: string) => string;

/** Type oids, https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const BOOL = 16;
const NUMBERS = new Set([21, 23, 700, 701]);
const JSONS = new Set([114, 3802]);
const BOX = 603;

/** Types whose parsed form is found without asking the catalog; int8 and numeric stay text, for JSON's readers round them. */
export const SCALAR_TYPES: ReadonlySet<number> = new Set([
  BOOL,
  20,
  ...NUMBERS,
  25,
  ...JSONS,
  1043,
  1114,
  1184,
  1700,
  2950,
]);

function encoderOf(type: number, elementTypes: ElementTypes | undefined): Encoder {
  if (!elementTypes) return JSON.stringify;
  if (type === BOOL) return (text) => (text === 't' ? 'true' : 'false');
  if (NUMBERS.has(type)) return numberJson;
  if (JSONS.has(type)) return (text) => text;
  const element = elementTypes.get(type);
  if (element === undefined || element === null) return JSON.stringify;
  const encodeElement = encoderOf(element, elementTypes);
  // box is the one type whose arrays are separated by semicolons.
  const separator = element === BOX ? ';' : ',';
  const marks = new Map([
    ['{', '['],
    ['}', ']'],
    [separator, ','],
  ]);
  return (text) => arrayJson(text, marks, encodeElement);
}

/** `NaN` and the infinities are no JSON numbers. */
function numberJson(text: string): string {
  return /^-?\d/.test(text) ? text : JSON.stringify(text);
}

/** `[0:1]={{1,NULL},{"a \"b\"",2}}`: https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function arrayJson(text: string, marks: ReadonlyMap<string, string>, encode: Encoder): string {
  const parts: string[] = [];
  let position = text.startsWith('[') ? text.indexOf('=') + 1 : 0;
  while (position < text.length) {
    const mark = marks.get(text[position]!);
    if (mark !== undefined) {
      parts.push(mark);
      position += 1;
    } else if (text[position] === '"') {
      const end = closingQuote(text, position);
      parts.push(encode(text.slice(position + 1, end).replaceAll(/\\(.)/gs, '$1')));
      position = end + 1;
    } else {
      let end = position + 1;
      while (end < text.length && !marks.has(text[end]!)) end += 1;
      const bare = text.slice(position, end);
      parts.push(bare === 'NULL' ? 'null' : encode(bare));
      position = end;
    }
  }
  return parts.join('');
}
