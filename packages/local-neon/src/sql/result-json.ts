/** Writes a result as the JSON of Neon's response: values as raw text or parsed, rows as objects or arrays. */
import { arrayJson } from './array-json.ts';
import type { ElementTypes } from './element-types.ts';
import { createJsonBytes, type JsonBytes, UTF8_BYTES_MAX } from './json-bytes.ts';
import type { Field } from '../wire/row-description.ts';
import { forEachRow, type RawResult, rowBytesOf } from './raw-result.ts';

export interface ResultModes {
  readonly arrayMode: boolean;
  /** For parsed values; undefined for PostgreSQL's text. */
  readonly elementTypes: ElementTypes | undefined;
}

/** Room for brackets, so that the buffer of a small result need not grow. */
const SPARE_BYTES = 100;

/** The JSON of a result. Copies json values verbatim, which keeps their digits and the order of their keys. */
export function resultJson(result: RawResult, { arrayMode, elementTypes }: ResultModes): Buffer {
  const { fields, command, rowCount } = result;
  const head = `{"fields":${fieldsJson(fields)},"command":${JSON.stringify(command)},"rowCount":${rowCount},"rowAsArray":${arrayMode},"rows":[`;
  const json = createJsonBytes(head.length * UTF8_BYTES_MAX + rowBytesOf(result) + SPARE_BYTES);
  json.write(head);
  const writers = fields.map(({ dataTypeID }) => writerOf(dataTypeID, elementTypes));
  writeRows(json, result, arrayMode ? '[]' : '{}', arrayMode ? elementsOf(writers) : propertiesOf(fields, writers));
  json.write(']}');
  return json.take();
}

/** The JSON of each array of fields, which is shared by all results of a query. */
const fieldsJsonCache = new WeakMap<readonly Field[], string>();

function fieldsJson(fields: readonly Field[]): string {
  const found = fieldsJsonCache.get(fields);
  if (found !== undefined) return found;
  const json = JSON.stringify(fields);
  fieldsJsonCache.set(fields, json);
  return json;
}

interface Member {
  readonly column: number;
  /** The property name as `"name":`; empty in an array. */
  readonly name: Buffer;
  readonly write: ValueWriter;
}

type ValueWriter = (json: JsonBytes, bytes: Buffer, start: number, end: number) => void;

function elementsOf(writers: readonly ValueWriter[]): Member[] {
  return writers.map((write, column) => ({ column, name: Buffer.alloc(0), write }));
}

/** If two columns have the same name, the last value takes the place of the first, as in an object literal. */
function propertiesOf(fields: readonly Field[], writers: readonly ValueWriter[]): Member[] {
  const columns = new Map(fields.map(({ name }, column) => [name, column]));
  return [...columns].map(([name, column]) => ({
    column,
    name: Buffer.from(`${JSON.stringify(name)}:`),
    write: writers[column]!,
  }));
}

const COMMA = ','.charCodeAt(0);
const NULL = Buffer.from('null');
const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
/** PostgreSQL writes `t` and `f`. */
const TRUE_TEXT = 't'.charCodeAt(0);

/** Writes all rows, each between the two brackets. */
function writeRows(json: JsonBytes, result: RawResult, brackets: string, members: readonly Member[]): void {
  const [open, close] = Buffer.from(brackets);
  let isFirstRow = true;
  forEachRow(result, (bytes, { starts, ends }) => {
    if (!isFirstRow) json.writeCharacter(COMMA);
    isFirstRow = false;
    json.writeCharacter(open!);
    for (let index = 0; index < members.length; index += 1) {
      const { column, name, write } = members[index]!;
      if (index > 0) json.writeCharacter(COMMA);
      json.copy(name, 0, name.length);
      if (starts[column]! < 0) json.copy(NULL, 0, NULL.length);
      else write(json, bytes, starts[column]!, ends[column]!);
    }
    json.writeCharacter(close!);
  });
}

/** Type oids, https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const BOOL = 16;
const NUMBERS = new Set([21, 23, 700, 701]);
const JSONS = new Set([114, 3802]);
const BOX = 603;

const writeString: ValueWriter = (json, bytes, start, end) => json.writeString(bytes, start, end);
const writeVerbatim: ValueWriter = (json, bytes, start, end) => json.copy(bytes, start, end);
const writeBoolean: ValueWriter = (json, bytes, start) => {
  const literal = bytes[start] === TRUE_TEXT ? TRUE : FALSE;
  json.copy(literal, 0, literal.length);
};
/** A number that ends in a digit is a JSON number. `NaN` and the infinities end in letters, and become strings. */
const writeNumber: ValueWriter = (json, bytes, start, end) =>
  isDigit(bytes[end - 1]!) ? json.copy(bytes, start, end) : json.writeString(bytes, start, end);

/** The function that writes the values of a type: as JSON, or as strings without `elementTypes`. */
function writerOf(type: number, elementTypes: ElementTypes | undefined): ValueWriter {
  if (!elementTypes) return writeString;
  if (type === BOOL) return writeBoolean;
  if (NUMBERS.has(type)) return writeNumber;
  if (JSONS.has(type)) return writeVerbatim;
  const element = elementTypes.get(type);
  if (element === undefined || element === null) return writeString;
  // Only arrays of box are separated by semicolons.
  const separator = element === BOX ? ';' : ',';
  const encode = elementEncoderOf(element);
  return (json, bytes, start, end) => json.write(arrayJson(bytes.toString('utf8', start, end), separator, encode));
}

function elementEncoderOf(type: number): (text: string) => string {
  if (type === BOOL) return (text) => String(text === 't');
  if (NUMBERS.has(type)) return (text) => (isDigit(text.charCodeAt(text.length - 1)) ? text : JSON.stringify(text));
  return JSONS.has(type) ? (text) => text : JSON.stringify;
}

function isDigit(code: number): boolean {
  return code >= '0'.charCodeAt(0) && code <= '9'.charCodeAt(0);
}
