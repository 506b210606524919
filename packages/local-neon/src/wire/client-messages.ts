/**
 * Writes the messages that a session sends. Messages that belong together are written in one piece: each write wakes
 * the server, and waking it costs more than most statements do.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
import { frame } from './messages.ts';

/** Describe the portal, Execute without a row limit, Sync. */
const EXECUTE = Buffer.from('D\0\0\0\x06P\0E\0\0\0\x09\0\0\0\0\0S\0\0\0\x04', 'latin1');
const NO_BYTES = Buffer.alloc(0);
/** The lengths of Parse without its text, and of Bind without its values. They count the length itself and not the type byte. */
const PARSE_BYTES = 8;
const BIND_BYTES = 12;

/** The messages of a statement: Parse, Bind, Describe, Execute, Sync. `next` holds further messages to send in the same piece. */
export function statementMessages(text: string, values: readonly (string | null)[], next: Buffer = NO_BYTES): Buffer {
  const textBytes = Buffer.byteLength(text);
  const valueBytes = values.map((value) => (value === null ? 0 : Buffer.byteLength(value)));
  const bindBytes = valueBytes.reduce((sum, bytes) => sum + 4 + bytes, BIND_BYTES);
  const messages = Buffer.allocUnsafe(1 + PARSE_BYTES + textBytes + 1 + bindBytes + EXECUTE.length + next.length);

  let offset = messages.write('P', 'latin1');
  offset = messages.writeInt32BE(PARSE_BYTES + textBytes, offset);
  // The unnamed statement.
  offset = messages.writeInt8(0, offset);
  offset += messages.write(text, offset);
  offset = messages.writeInt8(0, offset);
  // No parameter types: the server infers them.
  offset = messages.writeInt16BE(0, offset);

  offset += messages.write('B', offset, 'latin1');
  offset = messages.writeInt32BE(bindBytes, offset);
  // The unnamed portal, the unnamed statement, all parameters as text.
  offset = messages.writeInt32BE(0, offset);
  offset = messages.writeUInt16BE(values.length, offset);
  for (const [index, value] of values.entries()) {
    offset = messages.writeInt32BE(value === null ? -1 : valueBytes[index]!, offset);
    if (value !== null) offset += messages.write(value, offset);
  }
  // All results as text.
  offset = messages.writeInt16BE(0, offset);

  offset += EXECUTE.copy(messages, offset);
  next.copy(messages, offset);
  return messages;
}

/** A command of the simple protocol. */
export function commandMessage(text: string): Buffer {
  return frame('Q', Buffer.from(`${text}\0`));
}

/** CopyFail, and a second Sync: PostgreSQL has read the first Sync as part of the copy. */
export const REFUSE_COPY = Buffer.concat([
  frame('f', Buffer.from('COPY FROM STDIN is not possible over HTTP\0')),
  frame('S', NO_BYTES),
]);

export const TERMINATE = frame('X', NO_BYTES);
