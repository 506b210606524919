/** Reads and writes ErrorResponse: https://www.postgresql.org/docs/current/protocol-error-fields.html */
import { DatabaseError } from 'pg';

import { frame, HEADER_BYTES } from './messages.ts';

/** The fields besides the message, by their letters, in the order of Neon's responses. */
export const ERROR_FIELDS = {
  C: 'code',
  D: 'detail',
  H: 'hint',
  P: 'position',
  p: 'internalPosition',
  q: 'internalQuery',
  S: 'severity',
  W: 'where',
  t: 'table',
  c: 'column',
  s: 'schema',
  d: 'dataType',
  n: 'constraint',
  F: 'file',
  L: 'line',
  R: 'routine',
} as const;

/** The error with all fields of the message. */
export function readError(bytes: Buffer, start: number, end: number): DatabaseError {
  const textOf = readFields(bytes.subarray(start + HEADER_BYTES, end));
  const error = new DatabaseError(textOf('M') ?? '', end - start - 1, 'error');
  for (const [letter, name] of Object.entries(ERROR_FIELDS)) error[name] = textOf(letter);
  return error;
}

/** The SQLSTATE in a body, which may be cut off. */
export function readSqlState(body: Buffer): string {
  return readFields(body)('C') ?? '';
}

/** An ErrorResponse that ends a session. */
export function fatalError(code: string, message: string): Buffer {
  return frame('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`));
}

/** Returns a function that looks up a field by its letter. */
function readFields(body: Buffer): (letter: string) => string | undefined {
  const fields = body.toString('utf8').split('\0');
  return (letter) => fields.find((field) => field.startsWith(letter))?.slice(1);
}
