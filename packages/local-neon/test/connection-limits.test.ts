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

/** Stands for PostgreSQL: takes what comes and says nothing. */
let backends: Set<Socket>;
let silentServer: Server;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'patience-'));
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

type ConnectionLimits = NonNullable<Parameters<typeof openListener>[0]['patience']>;

async function open(patience: Partial<ConnectionLimits>, ready = Promise.resolve()): Promise<Listener> {
  const door = await openListener({
    port: 0,
    allowOrigin: [],
    socketPath: join(folder, 'socket'),
    ready,
    handleSql: async ({ body = '' }) => ({ status: 200, headers: {}, body }),
    patience: {
      headersTimeout: LONG,
      requestTimeout: LONG,
      connectionsCheckingInterval: 20,
      firstMessageTimeoutMs: LONG,
      silentMax: 1000,
      loginTimeoutMs: LONG,
      pendingLoginsMax: 1000,
      graceMs: 20,
      ...patience,
    },
  });
  onTestFinished(() => door.close());
  return door;
}

/** A reset is an end, too. */
async function closed(visitor: Socket | WebSocket): Promise<void> {
  visitor.on('error', () => {});
  await new Promise<void>((resolve) => visitor.once('close', () => resolve()));
}

/** What a visitor hears until he is shown out. */
async function visit({ port }: Listener, ...words: (string | Buffer)[]): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
  for (const word of words) socket.write(word);
  await closed(socket);
  return heard;
}

test('whoever comes before PostgreSQL is ready is served when it is', async () => {
  const postgres = new EventEmitter();
  const ready = once(postgres, 'ready').then(() => {});
  const door = await open({}, ready);
  let isAnswered = false;
  const answer = visit(
    door,
    'POST /sql HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok',
  ).finally(() => (isAnswered = true));
  await crowd(door, 1, STARTUP_PACKET);
  await delay(50);
  expect([isAnswered, backends.size]).toEqual([false, 0]);
  postgres.emit('ready');
  expect(await answer).toMatch(/^HTTP\/1\.1 200 .*ok/s);
  await expect.poll(() => backends.size).toBe(1);
});

describe('shown out in time is who', () => {
  test('says nothing', async () => {
    expect(await visit(await open({ firstMessageTimeoutMs: 50 }))).toBe('');
  });

  test('says half a startup packet, and holds no backend meanwhile', async () => {
    const door = await open({ firstMessageTimeoutMs: 50 });
    expect(await visit(door, STARTUP_PACKET.subarray(0, -1))).toBe('');
    expect(backends.size).toBe(0);
  });

  test('asks for encryption, and then says nothing', async () => {
    const sslRequest = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
    // On a busy machine the time is over before he is heard.
    expect(await visit(await open({ firstMessageTimeoutMs: 50 }), sslRequest)).toMatch(/^N?$/);
  });

  test('begins a login, and never ends it', async () => {
    expect(await visit(await open({ loginTimeoutMs: 50 }), STARTUP_PACKET)).toBe('');
    await expect.poll(() => backends.size).toBe(0);
  });

  test('opens a WebSocket, and says nothing in it', async () => {
    const webSocket = new WebSocket(`ws://127.0.0.1:${(await open({ firstMessageTimeoutMs: 50 })).port}/v2`);
    await closed(webSocket);
    expect(backends.size).toBe(0);
  });

  test('begins a login in a WebSocket, and never ends it', async () => {
    const webSocket = new WebSocket(`ws://127.0.0.1:${(await open({ loginTimeoutMs: 50 })).port}/v2`);
    webSocket.on('open', () => webSocket.send(STARTUP_PACKET));
    await closed(webSocket);
    await expect.poll(() => backends.size).toBe(0);
  });

  test('never ends the headers of a request', async () => {
    const heard = await visit(await open({ headersTimeout: 50 }), 'POST /sql HTTP/1.1\r\nHost: localhost\r\nX: ');
    expect(heard).toMatch(answerOf(408));
  });

  test('never ends the body of a request', async () => {
    const heard = await visit(
      await open({ headersTimeout: 50, requestTimeout: 50 }),
      'POST /sql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nhalf',
    );
    expect(heard).toMatch(answerOf(408));
  });

  test('never ends a chunked body, on a connection that has served before', async () => {
    const heard = await visit(
      // The first comes in one piece: no clock runs for it.
      await open({ headersTimeout: 50, requestTimeout: 50 }),
      'POST /sql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nok',
      'POST /sql HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n',
    );
    const [, first, second] = /^(.*?)(HTTP\/1\.1 408 .*)$/s.exec(heard) ?? [];
    expect(first).toMatch(/^HTTP\/1\.1 200 .*ok/s);
    expect(second).toMatch(answerOf(408));
  });
});

describe('refused, with a request id of its own, is what has', () => {
  test.each([
    [431, 'headers over 16 KiB', `GET /sql HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
    [400, 'a method of its own', 'SELECT /sql HTTP/1.1\r\nHost: localhost\r\n\r\n'],
    [400, 'nonsense in a header', 'POST /sql HTTP/1.1\r\nHost: localhost\r\n\0\r\n\r\n'],
    [
      400,
      'half of what a WebSocket needs',
      'GET /v2 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
    [
      403,
      'the Origin of a web page, for a WebSocket',
      'GET /v2 HTTP/1.1\r\nHost: localhost\r\nOrigin: http://page.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
    ],
  ])('%i: %s', async (status, _, request) => {
    expect(await visit(await open({}), request)).toMatch(answerOf(status));
  });
});

/** A whole answer of this status, in JSON. */
function answerOf(status: number): RegExp {
  return new RegExp(
    `^HTTP/1\\.1 ${status} [\\w ]+\\r\\n.*neon-request-id: [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\r\\n.*\\{"message":"[^"]+"\\}$`,
    's',
  );
}

test('a password that has no end is not listened to', async () => {
  const endless = Buffer.concat([STARTUP_PACKET, Buffer.from('p\x7f\xff\xff\xff', 'latin1'), Buffer.alloc(100_000)]);
  expect(await visit(await open({}), endless)).toBe('');
  await expect.poll(() => backends.size).toBe(0);
});

/** Opens connections that say this and no more; tells how many are still there. */
async function crowd({ port }: Listener, size: number, word: string | Buffer): Promise<() => number> {
  const sockets = Array.from({ length: size }, () => connect({ host: '127.0.0.1', port }).on('error', () => {}));
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const socket of sockets) {
    socket.resume();
    if (word.length > 0) socket.write(word);
  }
  return () => sockets.filter((socket) => !socket.closed).length;
}

describe('in a crowd the oldest make room', () => {
  test.each([
    ['of silent connections', ''],
    ['of half requests', 'POST /sql HTTP/1.1\r\n'],
    ['of half startup packets', STARTUP_PACKET.subarray(0, 5)],
    ['of unfinished logins', STARTUP_PACKET],
  ])('%s', async (_, word) => {
    const door = await open({ silentMax: 10, pendingLoginsMax: 10, graceMs: 200 });
    const remaining = await crowd(door, 50, word);
    // They are given a moment first; nobody comes after them.
    await expect.poll(remaining).toBeLessThan(12);
    // Each newcomer makes the oldest go.
    await expect.poll(async () => (await crowd(door, 1, word))() + remaining()).toBeLessThan(12);
  });
});

/** Lets two more in, who hold so many backends each: the first of them makes room for the second. */
async function fill(door: Listener, word: string | Buffer, held: number): Promise<void> {
  const before = backends.size;
  const first = await crowd(door, 1, word);
  await expect.poll(() => backends.size).toBe(before + held);
  await crowd(door, 1, word);
  await expect.poll(first).toBe(0);
}

function enter({ port }: Listener): { socket: Socket; heard: () => string } {
  const socket = connect({ host: '127.0.0.1', port }).on('error', () => {});
  onTestFinished(() => void socket.destroy());
  let heard = '';
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
  return { socket, heard: () => heard };
}

describe('who has said what he wants stays, however many come who have not', () => {
  const CROWDED = { silentMax: 1, pendingLoginsMax: 1, graceMs: 0 };

  test('over HTTP', async () => {
    const door = await open(CROWDED);
    const { socket, heard } = enter(door);
    const request = 'POST /sql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nok';
    socket.write(request);
    await expect.poll(heard).toMatch(/ok$/);
    await fill(door, '', 0);
    socket.write(request);
    await expect.poll(heard).toMatch(/ok.*ok$/s);
  });

  test('in a session', async () => {
    const door = await open(CROWDED);
    const { socket } = enter(door);
    socket.write(STARTUP_PACKET);
    await expect.poll(() => backends.size).toBe(1);
    await fill(door, '', 0);
    expect([socket.closed, backends.size]).toEqual([false, 1]);
  });

  test('in a WebSocket', async () => {
    const door = await open(CROWDED);
    const webSocket = new WebSocket(`ws://127.0.0.1:${door.port}/v2`).on('error', () => {});
    onTestFinished(() => webSocket.terminate());
    webSocket.on('open', () => webSocket.send(STARTUP_PACKET));
    await expect.poll(() => backends.size).toBe(1);
    await fill(door, '', 0);
    expect([webSocket.readyState, backends.size]).toEqual([WebSocket.OPEN, 1]);
  });

  test('in a session that has logged in', async () => {
    const door = await open(CROWDED);
    // AuthenticationOk, ReadyForQuery.
    const welcome = Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1');
    silentServer.once('connection', (backend) => backend.write(welcome));
    const { socket, heard } = enter(door);
    socket.write(STARTUP_PACKET);
    await expect.poll(heard).toBe(welcome.toString('latin1'));
    await fill(door, STARTUP_PACKET, 1);
    expect(socket.closed).toBe(false);
  });
});
