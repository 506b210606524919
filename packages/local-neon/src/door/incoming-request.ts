/** Node's request and response, for those who know no sockets. */
import type { IncomingMessage, ServerResponse } from 'node:http';

import { BYTES_MAX, type HttpAnswer, type HttpRequest, RequestTooLargeError } from '../sql/http-exchange.ts';

/** Gives the request to whoever answers it, and sends the answer. */
export async function respond(
  handle: (request: HttpRequest) => Promise<HttpAnswer>,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, headers, body } = await handle(toRequest(message, response));
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) }).end(body);
}

function toRequest(message: IncomingMessage, response: ServerResponse): HttpRequest {
  // Of a request a server has both.
  const { method = '', url = '' } = message;
  return {
    method,
    url,
    // Of a header that came more than once Node makes one, save of `set-cookie`.
    header: (name) => message.headers[name] as string | undefined,
    text: () => readBody(message),
    signal: () => signalOf(response),
  };
}

function readBody(message: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let bytes = 0;
    message.on('data', (part: Buffer) => {
      bytes += part.length;
      if (bytes <= BYTES_MAX) parts.push(part);
      // What still comes is read and forgotten, or the connection would serve nobody any more.
      else reject(new RequestTooLargeError());
    });
    message.once('end', () => resolve(parts.length === 1 ? parts[0]!.toString() : Buffer.concat(parts).toString()));
    message.once('close', () => {
      if (!message.complete) reject(new Error('The request did not come to its end'));
    });
  });
}

function signalOf(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  if (response.closed) abort();
  else response.once('close', abort);
  return controller.signal;
}
