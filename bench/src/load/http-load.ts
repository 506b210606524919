/** `http-load.js PORT REQUEST`, the request as JSON: load over HTTP with keep-alive. */
import { once } from 'node:events';
import { connect } from 'node:net';

import { type Lane, serveMeasures } from './lanes.ts';

export interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const [port, request] = process.argv.slice(2);
const bytes = toBytes(JSON.parse(request ?? '') as HttpRequest);
await serveMeasures(() => openLane(Number(port), bytes));

function toBytes({ headers, body }: HttpRequest): Buffer {
  const all = { host: `localhost:${port}`, 'content-length': Buffer.byteLength(body), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`POST /sql HTTP/1.1\r\n${lines.join('')}\r\n${body}`);
}

/** A minimal client that sends the same bytes and counts the bytes of the response. An HTTP library would cost more than the measured server. */
async function openLane(toPort: number, bytesOfRequest: Buffer): Promise<Lane> {
  const socket = connect({ host: '127.0.0.1', port: toPort, noDelay: true });
  await once(socket, 'connect');
  let missing: number | undefined;
  let head = '';
  let answered: (() => void) | undefined;
  let failed: ((error: Error) => void) | undefined;
  socket.on('data', (chunk: Buffer) => {
    if (missing === undefined) {
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      missing = contentLength(head.slice(0, end)) - (head.length - end - 4);
    } else missing -= chunk.length;
    if (missing > 0) return;
    missing = undefined;
    head = '';
    answered?.();
  });
  socket.on('error', (error) => failed?.(error));
  socket.on('close', () => failed?.(new Error('The server closed a connection')));
  return {
    ask: () =>
      new Promise<void>((resolve, reject) => {
        answered = resolve;
        failed = reject;
        socket.write(bytesOfRequest);
      }),
    close: () => socket.destroy(),
  };
}

function contentLength(head: string): number {
  const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
  if (!head.startsWith('HTTP/1.1 200 ') || length === undefined) throw new Error(`Not an answer to measure:\n${head}`);
  return Number(length);
}
