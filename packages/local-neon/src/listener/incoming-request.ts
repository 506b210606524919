/** Turns Node's request and response into those of a handler. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { BYTES_MAX, type HttpRequest, type HttpResponse } from '../sql/http-exchange.ts';

/** Calls `handle` when the body is complete or too large, and sends its response. */
export function handleRequest(
  message: IncomingMessage,
  response: ServerResponse,
  handle: (request: HttpRequest) => Promise<HttpResponse>,
): void {
  const respond = (body: Buffer | undefined): void =>
    void handle(toRequest(message, response, body)).then((handled) => send(response, handled));
  // With a Content-Length, a body that is too large is refused before it arrives.
  if (Number(message.headers['content-length']) > BYTES_MAX) return respond(undefined);
  const parts: Buffer[] = [];
  let bytes = 0;
  message.on('data', (part: Buffer) => {
    const bytesBefore = bytes;
    bytes += part.length;
    if (bytes <= BYTES_MAX) parts.push(part);
    // Read and drop the rest of the body: unread, it would block the connection for later requests.
    else if (bytesBefore <= BYTES_MAX) respond(undefined);
  });
  // `end` is not emitted for a request that was broken off, which needs no response.
  message.on('end', () => {
    if (bytes <= BYTES_MAX) respond(parts.length === 1 ? parts[0] : Buffer.concat(parts));
  });
}

function toRequest(message: IncomingMessage, response: ServerResponse, body: Buffer | undefined): HttpRequest {
  // A server's request has both.
  const { method = '', url = '' } = message;
  return {
    method,
    url,
    // Node joins repeated headers into one string, except `set-cookie`.
    header: (name) => message.headers[name] as string | undefined,
    body,
    signal: () => createSignal(response),
  };
}

function createSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (response.closed) abort();
  else response.once('close', abort);
  return controller.signal;
}

/** Up to this size, Node writes the head and a string without a copy. */
const SHORT_BYTES_MAX = 15_000;

/** Sends the response. A short body is sent as a string: Node writes it in one piece with the head. latin1 keeps the bytes. */
function send(response: ServerResponse, { status, headers, body }: HttpResponse): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  if (typeof body === 'string' || body.length > SHORT_BYTES_MAX) response.end(body);
  else response.end(body.toString('latin1'), 'latin1');
}
