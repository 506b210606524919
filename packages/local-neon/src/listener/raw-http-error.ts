/** Sends an HTTP error on a raw socket, where Node gives no response object: for a refused upgrade, and for bytes that are no complete request. */
import { randomUUID } from 'node:crypto';
import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Sends the error and closes. Only closes when the socket is not writable, or a response is already being sent. */
export function sendRawError(socket: Duplex, status: number, message: string): void {
  if (!socket.writable || responseInProgress(socket)?.headersSent) {
    socket.destroy();
    return;
  }
  const body = JSON.stringify({ message });
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'connection: close',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `neon-request-id: ${randomUUID()}`,
  ];
  // A half-closed socket would stay until the client closes it, too.
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}

/**
 * SETTINGS, and GOAWAY with HTTP_1_1_REQUIRED: https://www.rfc-editor.org/rfc/rfc9113.html#section-6.8. An HTTP/2
 * client would read any HTTP/1.1 response as an empty one.
 */
const REQUIRE_HTTP_1_1 = Buffer.from(
  '000000 04 00 00000000 000008 07 00 00000000 00000000 0000000d'.replaceAll(' ', ''),
  'hex',
);

/** Status and message for the code of Node's error: https://nodejs.org/api/http.html#event-clienterror */
const ERRORS: Readonly<Record<string, readonly [status: number, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'the request did not end in time'],
  HPE_HEADER_OVERFLOW: [431, 'the headers are larger than 16 KiB'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'the extensions of a chunk are too large'],
};

/** Responds to a request that Node refuses: HTTP/2 with prior knowledge, another protocol, too large headers, a timeout. */
export function respondToClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'HPE_PAUSED_H2_UPGRADE') socket.end(REQUIRE_HTTP_1_1, () => socket.destroy());
  else sendRawError(socket, ...(ERRORS[error.code ?? ''] ?? [400, 'not an HTTP request']));
}

/** The response that is being sent on a socket. */
export function responseInProgress(socket: Duplex): ServerResponse | undefined {
  // Node itself reads this field: https://github.com/nodejs/node/blob/v22.12.0/lib/_http_server.js#L925
  return (Reflect.get(socket, '_httpMessage') as ServerResponse | null | undefined) ?? undefined;
}
