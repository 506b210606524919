/** Node's request and response, for those who know no sockets. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { BYTES_MAX, type HttpAnswer, type HttpRequest } from '../sql/http-exchange.ts';

/** Hands the request over when all of its body is there, or too much of it, and sends the answer. */
export function receive(
  message: IncomingMessage,
  response: ServerResponse,
  handle: (request: HttpRequest) => Promise<HttpAnswer>,
): void {
  const answer = (body: Buffer | undefined): void =>
    void handle(toRequest(message, response, body)).then((answered) => send(response, answered));
  // Who tells how much he will send is told at once.
  if (Number(message.headers['content-length']) > BYTES_MAX) return answer(undefined);
  const parts: Buffer[] = [];
  let bytes = 0;
  message.on('data', (part: Buffer) => {
    const before = bytes;
    bytes += part.length;
    if (bytes <= BYTES_MAX) parts.push(part);
    // What still comes is read and forgotten, or the connection would serve nobody any more.
    else if (before <= BYTES_MAX) answer(undefined);
  });
  // One that is broken off has no end: there is nobody to answer.
  message.on('end', () => {
    if (bytes <= BYTES_MAX) answer(parts.length === 1 ? parts[0] : Buffer.concat(parts));
  });
}

function toRequest(message: IncomingMessage, response: ServerResponse, body: Buffer | undefined): HttpRequest {
  // Of a request a server has both.
  const { method = '', url = '' } = message;
  return {
    method,
    url,
    // Of a header that came more than once Node makes one, save of `set-cookie`.
    header: (name) => message.headers[name] as string | undefined,
    body,
    signal: () => signalOf(response),
  };
}

function signalOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (response.closed) abort();
  else response.once('close', abort);
  return controller.signal;
}

/** Up to there Node writes a text out without a copy, its head included. */
const SHORT_BYTES_MAX = 15_000;

/** Node puts the head and a text into one piece, and sends bytes as another one, which takes longer than to make them a text. */
function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  if (typeof body === 'string' || body.length > SHORT_BYTES_MAX) response.end(body);
  else response.end(body.toString('latin1'), 'latin1');
}
