import { once } from 'node:events';
import { connect } from 'node:net';

import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket } from 'ws';

import { testBranch } from '../src/vitest.ts';
import { ask } from './connect.ts';

const branch = await testBranch();
const { port, username, password, pathname } = new URL(branch.url);

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const GSSENC_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 48]);

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function message(type: string, text: string): Buffer {
  return Buffer.concat([Buffer.from(type), int32(text.length + 4), Buffer.from(text)]);
}

const STARTUP = message('', `\0\x03\0\0user\0${username}\0database\0${pathname.slice(1)}\0\0`);
const PASSWORD = message('p', `${password}\0`);
const query = (text: string): Buffer => message('Q', `${text}\0`);

/** A message of the server: its type and its body. */
type Message = [type: string, body: Buffer];

function messagesIn(bytes: Buffer): Message[] {
  const messages: Message[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes.readInt32BE(at + 1);
    messages.push([String.fromCharCode(bytes[at]!), bytes.subarray(at + 5, at + 1 + length)]);
    at += 1 + length;
  }
  return messages;
}

const typesIn = (bytes: Buffer): string =>
  messagesIn(bytes)
    .map(([type]) => type)
    .join('');

let webSocket: WebSocket;
let frames: Buffer[];
beforeEach(async () => {
  frames = [];
  webSocket = await open('/v2');
});
afterEach(() => webSocket.terminate());

async function open(path: string): Promise<WebSocket> {
  const opened = new WebSocket(`ws://localhost:${port}${path}`);
  onTestFinished(() => opened.terminate());
  opened.on('error', () => {});
  opened.on('message', (data: Buffer) => frames.push(data));
  await once(opened, 'open');
  return opened;
}

const received = (): string => typesIn(Buffer.concat(frames));
const LOGGED_IN = /^RR(S|N)*KZ$/;
const RESPONDED = /^RR(S|N)*KZTDCZ$/;

describe('the login', () => {
  test('asks for the password in clear text, and the rest is one frame', async () => {
    webSocket.send(STARTUP);
    await expect.poll(received).toBe('R');
    expect(messagesIn(frames[0]!)[0]).toEqual(['R', int32(3)]);
    webSocket.send(PASSWORD);
    await expect.poll(received).toMatch(LOGGED_IN);
    expect(frames.map(typesIn)).toEqual(['R', expect.stringMatching(/^R(S|N)*KZ$/)]);
    expect(messagesIn(frames[1]!)[0]).toEqual(['R', int32(0)]);
  });

  test('responds in a later frame to a query sent in the same frame', async () => {
    webSocket.send(Buffer.concat([STARTUP, PASSWORD, query('select 1')]));
    await expect.poll(received).toMatch(RESPONDED);
    expect(frames.slice(0, 2).map(typesIn)).toEqual(['R', expect.stringMatching(/^R(S|N)*KZ$/)]);
  });

  test('may be sent with a query in frames of one byte', async () => {
    for (const byte of Buffer.concat([STARTUP, PASSWORD, query('select 1')])) webSocket.send(Buffer.from([byte]));
    await expect.poll(received).toMatch(RESPONDED);
  });

  test('may ask for encryption first, which is refused', async () => {
    webSocket.send(SSL_REQUEST);
    await expect.poll(() => Buffer.concat(frames).toString()).toBe('N');
    webSocket.send(GSSENC_REQUEST);
    await expect.poll(() => Buffer.concat(frames).toString()).toBe('NN');
    frames = [];
    webSocket.send(Buffer.concat([STARTUP, PASSWORD]));
    await expect.poll(received).toMatch(LOGGED_IN);
  });

  test('with a wrong password is refused with the reason, and the WebSocket is closed', async () => {
    const closed = once(webSocket, 'close');
    webSocket.send(Buffer.concat([STARTUP, message('p', 'wrong\0'), query('select 1')]));
    await closed;
    const [type, body] = messagesIn(Buffer.concat(frames)).at(-1)!;
    expect(type).toBe('E');
    expect(body.toString()).toContain('\0C28P01\0');
  });

  test('may be followed by more bytes than are queued, and these wait', async () => {
    webSocket.send(STARTUP);
    await expect.poll(received).toBe('R');
    const text = `select length('${'x'.repeat(4_000_000)}')`;
    webSocket.send(Buffer.concat([PASSWORD, query(text)]));
    await expect.poll(received).toMatch(RESPONDED);
    expect(
      messagesIn(frames.at(-1)!)
        .find(([type]) => type === 'D')?.[1]
        .subarray(6)
        .toString(),
    ).toBe('4000000');
  });
});

test.each(['/v1', '/v2', '/sql', '/', '/v2?address=example.com:5432', '/v2?address=10.0.0.1%3A1'])(
  'a WebSocket opens at %s, and connects to this server',
  async (path) => {
    frames = [];
    const opened = await open(path);
    opened.send(Buffer.concat([STARTUP, PASSWORD, query('select 1')]));
    await expect.poll(received).toMatch(RESPONDED);
  },
);

describe('a frame', () => {
  beforeEach(async () => {
    webSocket.send(Buffer.concat([STARTUP, PASSWORD]));
    await vi.waitUntil(() => LOGGED_IN.test(received()), { timeout: 30_000 });
    frames = [];
  });

  test('may hold half a message, or several messages', async () => {
    const both = Buffer.concat([query('select 1'), query('select 2')]);
    webSocket.send(both.subarray(0, 7));
    webSocket.send(both.subarray(7));
    await expect.poll(received).toBe('TDCZTDCZ');
  });

  test('of text is refused', async () => {
    const closed = once(webSocket, 'close');
    webSocket.send('select 1');
    expect((await closed)[0]).toBe(1003);
  });

  test('over 64 MiB is refused', async () => {
    const closed = once(webSocket, 'close');
    webSocket.send(Buffer.alloc(64 * 1024 * 1024 + 1));
    expect((await closed)[0]).toBe(1009);
  });

  test('that PostgreSQL cannot read ends the session with a reason', async () => {
    const closed = once(webSocket, 'close');
    webSocket.send(Buffer.from('!!!!!!!!!!!!'));
    await closed;
    expect(received()).toBe('E');
  });

  test('that is sent after the backend has ended does not keep the WebSocket open', async () => {
    webSocket.send(query(`set application_name = 'ended'`));
    await expect.poll(received).toMatch(/^(CS|SC)Z$/);
    // The client has not read the close frame when it sends.
    webSocket.pause();
    const backends = `from pg_stat_activity where application_name = 'ended'`;
    await ask(branch.url, `select pg_terminate_backend(pid) ${backends}`);
    await expect.poll(() => ask(branch.url, `select pid ${backends}`)).toEqual([]);
    webSocket.send(message('X', ''));
    webSocket.resume();
    // Before the 30 s after which `ws` gives up.
    await expect.poll(() => webSocket.readyState, { timeout: 15_000 }).toBe(WebSocket.CLOSED);
  });

  test('with Terminate closes the WebSocket cleanly', async () => {
    const closed = once(webSocket, 'close');
    webSocket.send(message('X', ''));
    expect((await closed)[0]).toBe(1005);
  });
});

/** How many sessions run a statement that ends with this comment. */
async function countRunning(comment: string): Promise<unknown> {
  const text = `select count(*)::int as n from pg_stat_activity where state = 'active' and query like '%-- ' || '${comment}_'`;
  return (await ask(branch.url, text))[0]?.n;
}

test('a WebSocket that breaks off ends the query of its backend', async () => {
  webSocket.send(Buffer.concat([STARTUP, PASSWORD, query('select pg_sleep(3600) -- orphan1')]));
  await expect.poll(() => countRunning('orphan')).toBe(1);
  webSocket.terminate();
  await expect.poll(() => countRunning('orphan')).toBe(0);
});

describe('a CancelRequest', () => {
  let packet: Buffer;
  beforeEach(async () => {
    webSocket.send(Buffer.concat([STARTUP, PASSWORD, query('select pg_sleep(3600) -- long1')]));
    await vi.waitUntil(async () => LOGGED_IN.test(received()) && (await countRunning('long')) === 1, {
      timeout: 30_000,
    });
    const [, key] = messagesIn(Buffer.concat(frames)).find(([type]) => type === 'K')!;
    packet = Buffer.concat([int32(16), int32(80_877_102), key]);
  });

  const CANCELLED = /KZT?EZ$/;

  test('cancels the query, sent through another WebSocket', async () => {
    const other = await open('/v2');
    const closed = once(other, 'close');
    other.send(packet);
    await closed;
    await expect.poll(received).toMatch(CANCELLED);
    const [, body] = messagesIn(Buffer.concat(frames)).findLast(([type]) => type === 'E')!;
    expect(body.toString()).toContain('\0C57014\0');
  });

  test('cancels the query, sent over TCP', async () => {
    await sayOverTcp(packet);
    await expect.poll(received).toMatch(CANCELLED);
  });

  test('with a wrong key cancels nothing', async () => {
    packet.writeInt32BE(packet.readInt32BE(12) ^ 1, 12);
    await sayOverTcp(packet);
    expect(await countRunning('long')).toBe(1);
    expect(received()).toMatch(LOGGED_IN);
  });
});

/** Resolves when the server has closed the connection, as after a CancelRequest. */
async function sayOverTcp(packet: Buffer): Promise<void> {
  const socket = connect({ host: 'localhost', port: Number(port) });
  socket.write(packet);
  socket.resume();
  await once(socket, 'close');
}

test('TCP: the response to SSLRequest is N, and the login continues without TLS', async () => {
  const socket = connect({ host: 'localhost', port: Number(port) });
  let bytes = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => (bytes = Buffer.concat([bytes, chunk])));
  socket.write(SSL_REQUEST);
  await expect.poll(() => bytes.toString()).toBe('N');
  socket.write(Buffer.concat([STARTUP, PASSWORD, query('select 1')]));
  await expect.poll(() => typesIn(bytes.subarray(1))).toMatch(RESPONDED);
  socket.destroy();
});
