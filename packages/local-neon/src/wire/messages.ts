/** How PostgreSQL frames its messages: https://www.postgresql.org/docs/current/protocol-message-formats.html */

/** One type byte, then the length as Int32, which counts itself and not the type byte. */
export const HEADER_BYTES = 5;

/** Type bytes. The same letter can mean one message from the client and another one from the server. */
export const AUTHENTICATION = 'R'.charCodeAt(0);
export const COMMAND_COMPLETE = 'C'.charCodeAt(0);
export const COPY_IN_RESPONSE = 'G'.charCodeAt(0);
export const COPY_OUT_RESPONSE = 'H'.charCodeAt(0);
export const DATA_ROW = 'D'.charCodeAt(0);
export const ERROR_RESPONSE = 'E'.charCodeAt(0);
export const PASSWORD_MESSAGE = 'p'.charCodeAt(0);
export const READY_FOR_QUERY = 'Z'.charCodeAt(0);
export const ROW_DESCRIPTION = 'T'.charCodeAt(0);

/** PG_MAX_AUTH_TOKEN_LENGTH: the longest password message that PostgreSQL reads. */
export const PASSWORD_BYTES_MAX = 65_535;

/** Bytes of the message at `start`, type byte included. Its header must have arrived. */
export function lengthInHeader(bytes: Buffer, start: number): number {
  return 1 + bytes.readUInt32BE(start + 1);
}

/** Bytes of the message at `start`, type byte included; undefined until all of them have arrived. */
export function messageLength(bytes: Buffer, start = 0): number | undefined {
  if (bytes.length - start < HEADER_BYTES) return undefined;
  const length = lengthInHeader(bytes, start);
  return bytes.length - start < length ? undefined : length;
}

/** Whether the message at `start` asks for authentication. AuthenticationOk does not. */
export function isAuthenticationRequest(bytes: Buffer, start = 0): boolean {
  return bytes[start] === AUTHENTICATION && bytes.readInt32BE(start + HEADER_BYTES) !== 0;
}

/** Writes a message with a type and a body. */
export function frame(type: string, body: Buffer): Buffer {
  const whole = Buffer.alloc(HEADER_BYTES + body.length);
  whole.write(type, 'latin1');
  whole.writeInt32BE(4 + body.length, 1);
  body.copy(whole, HEADER_BYTES);
  return whole;
}
