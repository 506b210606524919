/** `http-load.js PORT REQUEST`, the request as JSON: sends requests over HTTP with keep-alive. */
import { once } from 'node:events';
import { connect } from 'node:net';

import { type Connection, runMeasurements } from './measure-load.ts';

export interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const [port, request] = process.argv.slice(2);
const bytes = toBytes(JSON.parse(request ?? '') as HttpRequest);
await runMeasurements(() => openConnection(Number(port), bytes));

function toBytes({ headers, body }: HttpRequest): Buffer {
  const all = { host: `localhost:${port}`, 'content-length': Buffer.byteLength(body), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST /sql HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

/** Opens a connection that sends the same bytes for each request. Counts the response's bytes only: a library would cost more than the server. */
async function openConnection(toPort: number, bytesOfRequest: Buffer): Promise<Connection> {
  const socket = connect({ host: '127.0.0.1', port: toPort, noDelay: true });
  await once(socket, 'connect');
  // Undefined until the head of the response has arrived.
  let missingBytes: number | undefined;
  let head = '';
  let resolveRequest: (() => void) | undefined;
  let rejectRequest: ((error: Error) => void) | undefined;
  socket.on('data', (chunk: Buffer) => {
    if (missingBytes === undefined) {
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      missingBytes = contentLength(head.slice(0, end)) - (head.length - end - 4);
    } else missingBytes -= chunk.length;
    if (missingBytes > 0) return;
    missingBytes = undefined;
    head = '';
    resolveRequest?.();
  });
  socket.on('error', (error) => rejectRequest?.(error));
  socket.on('close', () => rejectRequest?.(new Error('The server closed a connection')));
  return {
    request: () =>
      new Promise<void>((resolve, reject) => {
        resolveRequest = resolve;
        rejectRequest = reject;
        socket.write(bytesOfRequest);
      }),
    close: () => socket.destroy(),
  };
}

function contentLength(head: string): number {
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (!head.startsWith('HTTP/1.1 200 ') || length === undefined)
    throw new Error(`The response is not HTTP 200 with a content-length:\n${head}`);
  return Number(length);
}
