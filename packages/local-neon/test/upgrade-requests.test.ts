import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

import { expect, onTestFinished, test } from 'vitest';

import { testBranch } from '../src/vitest.ts';

const branch = await testBranch();
const port = Number(new URL(branch.url).port);

async function open(): Promise<{ socket: Socket; received: () => string }> {
  const socket = connect({ host: 'localhost', port });
  onTestFinished(() => void socket.destroy());
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(socket, 'connect');
  return { socket, received: () => text };
}

function requestOf(query: string, ...headers: string[]): string {
  const body = JSON.stringify({ query });
  return [
    'POST /sql HTTP/1.1',
    `Host: localhost:${port}`,
    `Neon-Connection-String: ${branch.url}`,
    `Content-Length: ${body.length}`,
    ...headers,
    '',
    body,
  ].join('\r\n');
}

/** The headers of Java's HTTP client before it knows whether the server speaks HTTP/2. */
const H2C = ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAEAAEAA'];

const responsesIn = (text: string): string[] => text.match(/HTTP\/1\.1 \d+ |"n":\d+/g) ?? [];

test('a request with an Upgrade to HTTP/2 is served, and the connection can be used again', async () => {
  const { socket, received } = await open();
  socket.write(requestOf('select 1 as n', ...H2C));
  await expect.poll(() => responsesIn(received())).toEqual(['HTTP/1.1 200 ', '"n":1']);
  socket.write(requestOf('select 2 as n', ...H2C));
  await expect.poll(() => responsesIn(received()).slice(2)).toEqual(['HTTP/1.1 200 ', '"n":2']);
});

test('a request with an Upgrade to HTTP/2 is served when its long body comes later', async () => {
  const { socket, received } = await open();
  const request = requestOf(`select length('${'x'.repeat(3_000_000)}') as n`, ...H2C);
  const bodyAt = request.indexOf('{');
  socket.write(request.slice(0, bodyAt));
  socket.write(request.slice(bodyAt));
  await expect.poll(() => responsesIn(received())).toEqual(['HTTP/1.1 200 ', '"n":3000000']);
});

test('a pipelined request with an Upgrade to HTTP/2 gets its response in its turn', async () => {
  const { socket, received } = await open();
  const queries = ['select 1 as n, pg_sleep(0.05)', 'select 2 as n'].map((text) => requestOf(text)).join('');
  socket.write(queries + requestOf('select 3 as n', ...H2C));
  await expect
    .poll(() => responsesIn(received()).filter((part) => part.startsWith('"n"')))
    .toEqual(['"n":1', '"n":2', '"n":3']);
});

test('a request of a foreign origin with an Upgrade to HTTP/2 is refused', async () => {
  const { socket, received } = await open();
  socket.write(requestOf('select 1 as n', ...H2C, 'Origin: https://example.com'));
  await expect.poll(() => responsesIn(received())).toEqual(['HTTP/1.1 403 ']);
});

test('an unknown Expect header is ignored, and the response has its request id', async () => {
  const { socket, received } = await open();
  socket.write(requestOf('select 1 as n', 'Expect: 200-maybe'));
  await expect.poll(() => responsesIn(received())).toEqual(['HTTP/1.1 200 ', '"n":1']);
  expect(received()).toMatch(/^neon-request-id: [0-9a-f-]{36}\r$/im);
});

test('a client that waits for 100 Continue receives it', async () => {
  const { socket, received } = await open();
  const request = requestOf('select 1 as n', 'Expect: 100-continue');
  const bodyAt = request.indexOf('{');
  socket.write(request.slice(0, bodyAt));
  await expect.poll(received).toBe('HTTP/1.1 100 Continue\r\n\r\n');
  socket.write(request.slice(bodyAt));
  await expect.poll(() => responsesIn(received())).toEqual(['HTTP/1.1 100 ', 'HTTP/1.1 200 ', '"n":1']);
});
