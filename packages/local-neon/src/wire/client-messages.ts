/**
 * What a session says to PostgreSQL, each saying in one piece: a write wakes the server once, and waking costs more than most
 * statements do. https://www.postgresql.org/docs/current/protocol-message-formats.html
 */

/** Describe the portal, Execute it without a limit of rows, Sync. */
const RUN = Buffer.from('D\0\0\0\x06P\0E\0\0\0\x09\0\0\0\0\0S\0\0\0\x04', 'latin1');

/** A statement through the extended protocol: Parse, Bind, Describe, Execute, Sync; and what follows it, in the same piece. */
export function statement(text: string, values: readonly (string | null)[], next: Buffer = NOTHING): Buffer {
  const textBytes = Buffer.byteLength(text);
  const valueBytes = values.map((value) => (value === null ? 0 : Buffer.byteLength(value)));
  const bindBytes = valueBytes.reduce((sum, bytes) => sum + 4 + bytes, 12);
  const messages = Buffer.allocUnsafe(1 + 8 + textBytes + 1 + bindBytes + RUN.length + next.length);

  let at = messages.write('P', 'latin1');
  at = messages.writeInt32BE(8 + textBytes, at);
  // The unnamed statement.
  at = messages.writeInt8(0, at);
  at += messages.write(text, at);
  at = messages.writeInt8(0, at);
  // The types of the parameters are PostgreSQL's to find.
  at = messages.writeInt16BE(0, at);

  at += messages.write('B', at, 'latin1');
  at = messages.writeInt32BE(bindBytes, at);
  // The unnamed portal, the unnamed statement, all parameters as text.
  at = messages.writeInt32BE(0, at);
  at = messages.writeUInt16BE(values.length, at);
  for (const [index, value] of values.entries()) {
    at = messages.writeInt32BE(value === null ? -1 : valueBytes[index]!, at);
    if (value !== null) at += messages.write(value, at);
  }
  // All results as text.
  at = messages.writeInt16BE(0, at);

  at += RUN.copy(messages, at);
  next.copy(messages, at);
  return messages;
}

const NOTHING = Buffer.alloc(0);

/** A command through the simple protocol. */
export function command(text: string): Buffer {
  return message('Q', text);
}

/** The answer to CopyInResponse. The Sync that was sent with the statement has been read as part of the copy. */
export const REFUSE_COPY = Buffer.concat([
  message('f', 'COPY FROM STDIN is not possible over HTTP'),
  Buffer.from('S\0\0\0\x04', 'latin1'),
]);

export const TERMINATE = Buffer.from('X\0\0\0\x04', 'latin1');

/** https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS */
export function cancelRequest(processID: number, secretKey: number): Buffer {
  const packet = Buffer.alloc(16);
  packet.writeInt32BE(16, 0);
  packet.writeInt32BE(80877102, 4);
  packet.writeInt32BE(processID, 8);
  packet.writeInt32BE(secretKey, 12);
  return packet;
}

function message(type: string, text: string): Buffer {
  const bytes = Buffer.byteLength(text);
  const whole = Buffer.alloc(1 + 4 + bytes + 1);
  whole.write(type, 'latin1');
  whole.writeInt32BE(4 + bytes + 1, 1);
  whole.write(text, 5);
  return whole;
}
