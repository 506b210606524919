/**
 * What PostgreSQL says to a session, message by message, left where it was read: whoever wants to keep some of it keeps the
 * bytes. https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
import { DatabaseError } from 'pg';

import type { Field } from '../sql/raw-result.ts';

/** `bytes` from `start`, where the type stands, to `end`. */
export type OnMessage = (type: number, bytes: Buffer, start: number, end: number) => void;

export interface ServerMessagesOptions {
  readonly onMessage: OnMessage;
  /** Told of a message that is not all there yet, and how many bytes it will have: it is kept until it is. */
  readonly onPart: (type: number, length: number) => void;
}

/** One type byte, then the length of the rest, itself included. */
const HEADER_BYTES = 5;

/** Takes the chunks of a connection behind its login. */
export function createServerMessages({ onMessage, onPart }: ServerMessagesOptions): (chunk: Buffer) => void {
  let parts: Buffer[] = [];
  let partBytes = 0;
  let wanted = 0;

  return (chunk) => {
    let bytes = chunk;
    if (partBytes > 0) {
      parts.push(chunk);
      partBytes += chunk.length;
      // Joined only once all of a message is there: it may come in thousands of chunks.
      if (partBytes < wanted) return;
      bytes = Buffer.concat(parts);
      parts = [];
      partBytes = 0;
    }
    let start = 0;
    while (start < bytes.length) {
      const isHeaderThere = bytes.length - start >= HEADER_BYTES;
      const length = isHeaderThere ? 1 + bytes.readUInt32BE(start + 1) : HEADER_BYTES;
      if (!isHeaderThere || bytes.length - start < length) {
        if (isHeaderThere) onPart(bytes[start]!, length);
        parts = [bytes.subarray(start)];
        partBytes = bytes.length - start;
        wanted = length;
        return;
      }
      onMessage(bytes[start]!, bytes, start, start + length);
      start += length;
    }
  };
}

/** By the bytes of their RowDescription: the same queries come again and again, and from all sessions. */
const known = new Map<string, readonly Field[]>();
const KNOWN_MAX = 1000;

/** RowDescription. What was read before is the same array again. */
export function readFields(bytes: Buffer, start: number, end: number): readonly Field[] {
  const key = bytes.toString('latin1', start, end);
  const found = known.get(key);
  if (found) return found;
  const fields = parseFields(bytes, start + HEADER_BYTES);
  if (known.size >= KNOWN_MAX) known.clear();
  known.set(key, fields);
  return fields;
}

function parseFields(bytes: Buffer, start: number): readonly Field[] {
  let at = start + 2;
  return Array.from({ length: bytes.readUInt16BE(start) }, () => {
    const nameEnd = bytes.indexOf(0, at);
    const name = bytes.toString('utf8', at, nameEnd);
    at = nameEnd + 1;
    const field: Field = {
      name,
      dataTypeID: bytes.readUInt32BE(at + 6),
      tableID: bytes.readUInt32BE(at),
      columnID: bytes.readInt16BE(at + 4),
      dataTypeSize: bytes.readInt16BE(at + 10),
      dataTypeModifier: bytes.readInt32BE(at + 12),
      format: 'text',
    };
    at += 18;
    return field;
  });
}

/** CommandComplete: `INSERT 0 5`, `SELECT 5`, `CREATE TABLE`. */
export function readTag(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('latin1', start + HEADER_BYTES, end - 1);
}

/** By their letters, https://www.postgresql.org/docs/current/protocol-error-fields.html */
const ERROR_FIELDS = {
  S: 'severity',
  C: 'code',
  D: 'detail',
  H: 'hint',
  P: 'position',
  p: 'internalPosition',
  q: 'internalQuery',
  W: 'where',
  s: 'schema',
  t: 'table',
  c: 'column',
  d: 'dataType',
  n: 'constraint',
  F: 'file',
  L: 'line',
  R: 'routine',
} as const;

/** ErrorResponse, whole. */
export function readError(bytes: Buffer, start: number, end: number): DatabaseError {
  const fields = bytes.toString('utf8', start + HEADER_BYTES, end).split('\0');
  const textOf = (letter: string): string | undefined => fields.find((field) => field.startsWith(letter))?.slice(1);
  const error = new DatabaseError(textOf('M') ?? '', end - start - 1, 'error');
  for (const [letter, name] of Object.entries(ERROR_FIELDS)) error[name] = textOf(letter);
  return error;
}
