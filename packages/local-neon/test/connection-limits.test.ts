import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { WebSocket } from 'ws';

import { type Listener, openListener } from '../src/listener/listener.ts';

const STARTUP_PACKET = Buffer.from('\0\0\0\x11\0\x03\0\0user\0me\0\0', 'latin1');
const LONG = 600_000;

/** A fake PostgreSQL that reads everything and sends nothing. */
let backends: Set<Socket>;
let silentServer: Server;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limits-'));
  backends = new Set();
  silentServer = createServer((socket) => {
    backends.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => backends.delete(socket));
    socket.resume();
  });
  silentServer.listen(join(folder, 'socket'));
  await once(silentServer, 'listening');
});
afterEach(async () => {
  for (const backend of backends) backend.destroy();
  silentServer.close();
  await rm(folder, { recursive: true });
});

type ConnectionLimits = NonNullable<Parameters<typeof openListener>[0]['limits']>;

async function open(limits: Partial<ConnectionLimits>, ready = Promise.resolve()): Promise<Listener> {
  const listener = await openListener({
    port: 0,
    allowOrigin: [],
    socketPath: join(folder, 'socket'),
    ready,
    handleSql: async ({ body = '' }) => ({ status: 200, headers: {}, body }),
    limits: {
      headersTimeout: LONG,
      requestTimeout: LONG,
      connectionsCheckingInterval: 20,
      silenceTimeoutMs: LONG,
      silentMax: 1000,
      loginTimeoutMs: LONG,
      pendingLoginsMax: 1000,
      graceMs: 20,
      ...limits,
    },
  });
  onTestFinished(() => listener.close());
  return listener;
}

/** Resolves at a close or a reset. */
async function closed(connection: Socket | WebSocket): Promise<void> {
  connection.on('error', () => {});
  await new Promise<void>((resolve) => connection.once('close', () => resolve()));
}

/** Sends the chunks and returns the bytes that were received until the connection closed. */
async function exchange({ port }: Listener, ...chunks: (string | Buffer)[]): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  for (const chunk of chunks) socket.write(chunk);
  await closed(socket);
  return received;
}

test('a connection that comes before PostgreSQL is ready waits and is then served', async () => {
  const postgres = new EventEmitter();
  const ready = once(postgres, 'ready').then(() => {});
  const listener = await open({}, ready);
  let hasResponse = false;
  const response = exchange(
    listener,
    'POST /sql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok',
  ).finally(() => (hasResponse = true));
  await connectMany(listener, 1, STARTUP_PACKET);
  await delay(50);
  expect([hasResponse, backends.size]).toEqual([false, 0]);
  postgres.emit('ready');
  expect(await response).toMatch(/^HTTP\/1\.1 200 .*ok/s);
  await expect.poll(() => backends.size).toBe(1);
});

describe('a connection is closed at its timeout when it', () => {
  test('sends nothing', async () => {
    expect(await exchange(await open({ silenceTimeoutMs: 50 }))).toBe('');
  });

  test('sends half a startup packet, and holds no backend meanwhile', async () => {
    const listener = await open({ silenceTimeoutMs: 50 });
    expect(await exchange(listener, STARTUP_PACKET.subarray(0, -1))).toBe('');
    expect(backends.size).toBe(0);
  });

  test('asks for encryption and then sends nothing', async () => {
    const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
    // On a busy machine the timeout comes before the request is read.
    expect(await exchange(await open({ silenceTimeoutMs: 50 }), sslRequest)).toMatch(/^N?$/);
  });

  test('begins a login and never ends it', async () => {
    expect(await exchange(await open({ loginTimeoutMs: 50 }), STARTUP_PACKET)).toBe('');
    await expect.poll(() => backends.size).toBe(0);
  });

  test('opens a WebSocket and sends nothing in it', async () => {
    const webSocket = new WebSocket(`ws://127.0.0.1:${(await open({ silenceTimeoutMs: 50 })).port}/v2`);
    await closed(webSocket);
    expect(backends.size).toBe(0);
  });

  test('begins a login in a WebSocket and never ends it', async () => {
    const webSocket = new WebSocket(`ws://127.0.0.1:${(await open({ loginTimeoutMs: 50 })).port}/v2`);
    webSocket.on('open', () => webSocket.send(STARTUP_PACKET));
    await closed(webSocket);
    await expect.poll(() => backends.size).toBe(0);
  });

  test('never ends the headers of a request', async () => {
    const received = await exchange(await open({ headersTimeout: 50 }), 'POST /sql HTTP/1.1\r\nHost: localhost\r\nX: ');
    expect(received).toMatch(responseOf(408));
  });

  test('never ends the body of a request', async () => {
    const received = await exchange(
      await open({ headersTimeout: 50, requestTimeout: 50 }),
      'POST /sql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf',
    );
    expect(received).toMatch(responseOf(408));
  });

  test('never ends a chunked body, on a connection that has served before', async () => {
    const received = await exchange(
      // The first request comes in one piece, so no timeout applies to it.
      await open({ headersTimeout: 50, requestTimeout: 50 }),
      'POST /sql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nok',
      'POST /sql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    );
    const [, first, second] = /^(.*?)(HTTP\/1\.1 408 .*)$/s.exec(received) ?? [];
    expect(first).toMatch(/^HTTP\/1\.1 200 .*ok/s);
    expect(second).toMatch(responseOf(408));
  });
});

describe('an error with a request id is the response to a request with', () => {
  test.each([
    [431, 'headers over 16 KiB', `GET /sql HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
    [400, 'an unknown method', 'SELECT /sql HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    [400, 'an invalid header', 'POST /sql HTTP/1.1\r\nHost: localhost\r\n\0\r\n\r\n'],
    [
      400,
      'a WebSocket handshake without a key',
      'GET /v2 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
    [
      403,
      'the Origin of a web page, for a WebSocket',
      'GET /v2 HTTP/1.1\r\nHost: localhost\r\nOrigin: http://page.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
  ])('%i: %s', async (status, _, request) => {
    expect(await exchange(await open({}), request)).toMatch(responseOf(status));
  });
});

/** A complete response of this status, in JSON. */
function responseOf(status: number): RegExp {
  return new RegExp(
    `^HTTP/1\\.1 ${status} [\\w ]+\\r\\n.*neon-request-id: [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\r\\n.*\\{"message":"[^"]+"\\}$`,
    's',
  );
}

test('a connection whose password never ends is closed', async () => {
  const endless = Buffer.concat([STARTUP_PACKET, Buffer.from('p\x7f\xff\xff\xff', 'latin1'), Buffer.alloc(100_000)]);
  expect(await exchange(await open({}), endless)).toBe('');
  await expect.poll(() => backends.size).toBe(0);
});

/** Opens connections that send one chunk. The function returned counts the connections that are still open. */
async function connectMany({ port }: Listener, size: number, chunk: string | Buffer): Promise<() => number> {
  const sockets = Array.from({ length: size }, () => connect({ host: '127.0.0.1', port }).on('error', () => {}));
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const socket of sockets) {
    socket.resume();
    if (chunk.length > 0) socket.write(chunk);
  }
  return () => sockets.filter((socket) => !socket.closed).length;
}

describe('of too many connections the oldest are closed:', () => {
  test.each([
    ['silent connections', ''],
    ['half requests', 'POST /sql HTTP/1.1\r\n'],
    ['half startup packets', STARTUP_PACKET.subarray(0, 5)],
    ['unfinished logins', STARTUP_PACKET],
  ])('%s', async (_, chunk) => {
    const listener = await open({ silentMax: 10, pendingLoginsMax: 10, graceMs: 200 });
    const remaining = await connectMany(listener, 50, chunk);
    // They are closed after the grace time, without another connection.
    await expect.poll(remaining).toBeLessThan(12);
    // Each new connection closes the oldest.
    await expect.poll(async () => (await connectMany(listener, 1, chunk))() + remaining()).toBeLessThan(12);
  });
});

/** Opens two more connections, which hold `held` backends each: the second one makes the listener close the first. */
async function fill(listener: Listener, chunk: string | Buffer, held: number): Promise<void> {
  const before = backends.size;
  const first = await connectMany(listener, 1, chunk);
  await expect.poll(() => backends.size).toBe(before + held);
  await connectMany(listener, 1, chunk);
  await expect.poll(first).toBe(0);
}

function connectTo({ port }: Listener): { socket: Socket; received: () => string } {
  const socket = connect({ host: '127.0.0.1', port }).on('error', () => {});
  onTestFinished(() => void socket.destroy());
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  return { socket, received: () => received };
}

describe('a connection that has authenticated stays, however many others come:', () => {
  const TIGHT = { silentMax: 1, pendingLoginsMax: 1, graceMs: 0 };

  test('over HTTP', async () => {
    const listener = await open(TIGHT);
    const { socket, received } = connectTo(listener);
    const request = 'POST /sql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nok';
    socket.write(request);
    await expect.poll(received).toMatch(/ok$/);
    await fill(listener, '', 0);
    socket.write(request);
    await expect.poll(received).toMatch(/ok.*ok$/s);
  });

  test('in a session', async () => {
    const listener = await open(TIGHT);
    const { socket } = connectTo(listener);
    socket.write(STARTUP_PACKET);
    await expect.poll(() => backends.size).toBe(1);
    await fill(listener, '', 0);
    expect([socket.closed, backends.size]).toEqual([false, 1]);
  });

  test('in a WebSocket', async () => {
    const listener = await open(TIGHT);
    const webSocket = new WebSocket(`ws://127.0.0.1:${listener.port}/v2`).on('error', () => {});
    onTestFinished(() => webSocket.terminate());
    webSocket.on('open', () => webSocket.send(STARTUP_PACKET));
    await expect.poll(() => backends.size).toBe(1);
    await fill(listener, '', 0);
    expect([webSocket.readyState, backends.size]).toEqual([WebSocket.OPEN, 1]);
  });

  test('after a login', async () => {
    const listener = await open(TIGHT);
    // AuthenticationOk, ReadyForQuery.
    const welcome = Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1');
    silentServer.once('connection', (backend) => backend.write(welcome));
    const { socket, received } = connectTo(listener);
    socket.write(STARTUP_PACKET);
    await expect.poll(received).toBe(welcome.toString('latin1'));
    await fill(listener, STARTUP_PACKET, 1);
    expect(socket.closed).toBe(false);
  });
});
