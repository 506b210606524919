/** Reads RowDescription: the columns of a result. */
import { HEADER_BYTES } from './messages.ts';

/** A column, under the names of Neon's response. */
export interface Field {
  readonly name: string;
  readonly dataTypeID: number;
  readonly tableID: number;
  readonly columnID: number;
  readonly dataTypeSize: number;
  readonly dataTypeModifier: number;
  readonly format: 'text';
}

/** Parsed fields by the bytes of their message: all sessions run the same few queries again and again. */
const parsedFields = new Map<string, readonly Field[]>();
const PARSED_MAX = 1000;
/** The bytes of a field after its name. */
const FIELD_BYTES = 18;

/** The fields of a message. Equal messages have the same array. */
export function readFields(bytes: Buffer, start: number, end: number): readonly Field[] {
  const key = bytes.toString('latin1', start, end);
  const found = parsedFields.get(key);
  if (found) return found;
  const fields = parseFields(bytes, start + HEADER_BYTES);
  if (parsedFields.size >= PARSED_MAX) parsedFields.clear();
  parsedFields.set(key, fields);
  return fields;
}

/** Reads the number of fields, and for each field its name, which ends with a zero byte, and 18 bytes. */
function parseFields(bytes: Buffer, start: number): readonly Field[] {
  let position = start + 2;
  return Array.from({ length: bytes.readUInt16BE(start) }, () => {
    const nameEnd = bytes.indexOf(0, position);
    const name = bytes.toString('utf8', position, nameEnd);
    position = nameEnd + 1;
    const field: Field = {
      name,
      dataTypeID: bytes.readUInt32BE(position + 6),
      tableID: bytes.readUInt32BE(position),
      columnID: bytes.readInt16BE(position + 4),
      dataTypeSize: bytes.readInt16BE(position + 10),
      dataTypeModifier: bytes.readInt32BE(position + 12),
      format: 'text',
    };
    position += FIELD_BYTES;
    return field;
  });
}
