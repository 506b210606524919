/** Random input for the port, from random bytes to nearly valid messages. */
import { once } from 'node:events';
import { connect } from 'node:net';

import * as fc from 'fast-check';
import { WebSocket } from 'ws';

import { ask, connectHttp } from './connect.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Few in `pnpm test`, many in `pnpm test:stress`. */
    fuzzRuns: number;
  }
}

export interface Target {
  readonly url: string;
  readonly port: number;
}

export function targetOf(url: string): Target {
  return { url, port: Number(new URL(url).port) };
}

const bytes = (maxLength: number): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ maxLength }).map((array) => Buffer.from(array));

/** A message with some of its bytes replaced, removed or inserted. */
function mutated(base: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer> {
  const change = fc.record({ at: fc.nat({ max: 400 }), remove: fc.nat({ max: 8 }), insert: bytes(8) });
  return fc.tuple(base, fc.array(change, { maxLength: 4 })).map(([original, changes]) => {
    let result = original;
    for (const { at, remove, insert } of changes) {
      const start = at % (result.length + 1);
      result = Buffer.concat([result.subarray(0, start), insert, result.subarray(start + remove)]);
    }
    return result;
  });
}

/** The same bytes, cut anywhere. */
function cut(words: fc.Arbitrary<Buffer>): fc.Arbitrary<Buffer[]> {
  return fc.tuple(words, fc.array(fc.nat({ max: 500 }), { maxLength: 5 })).map(([whole, places]) => {
    const ends = [...places.map((place) => place % (whole.length + 1)), whole.length].toSorted((a, b) => a - b);
    return ends.map((end, index) => whole.subarray(ends[index - 1] ?? 0, end));
  });
}

const int32 = (value: number): Buffer => {
  const buffer = Buffer.alloc(4);
  buffer.writeInt32BE(value);
  return buffer;
};

function startupPacket({ url }: Target): Buffer {
  const { username, pathname } = new URL(url);
  const body = Buffer.from(`\0\x03\0\0user\0${username}\0database\0${pathname.slice(1)}\0\0`);
  return Buffer.concat([int32(body.length + 4), body]);
}

function message(type: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

/** A complete session: a login, a query, and the messages of the extended protocol. */
function session(target: Target): Buffer {
  return Buffer.concat([
    startupPacket(target),
    message('p', Buffer.from(`${new URL(target.url).password}\0`)),
    message('Q', Buffer.from('select 1\0')),
    message('P', Buffer.from('\0select $1::int\0\0\0')),
    message('B', Buffer.from('\0\0\0\0\0\x01\0\0\0\x017\0\0')),
    message('E', Buffer.from('\0\0\0\0\0')),
    message('S', Buffer.alloc(0)),
    message('X', Buffer.alloc(0)),
  ]);
}

function httpRequest({ url }: Target, body: string): Buffer {
  return Buffer.from(
    `POST /sql HTTP/1.1\r\nHost: localhost\r\nNeon-Connection-String: ${url}\r\nNeon-Batch-Isolation-Level: Serializable\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

export const toPort = (target: Target): fc.Arbitrary<Buffer[]> =>
  cut(
    fc.oneof(
      bytes(400),
      bytes(100).map((tail) => Buffer.concat([Buffer.from([0]), tail])),
      mutated(fc.constant(session(target))),
      mutated(fc.constant(startupPacket(target))),
      mutated(fc.constant(httpRequest(target, '{"query":"select $1::int as n","params":[7],"arrayMode":true}'))),
      mutated(fc.constant(httpRequest(target, '{"queries":[{"query":"select 1"},{"query":"select 2"}]}'))),
      mutated(
        fc.constant(
          Buffer.from('GET /v2 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
        ),
      ),
    ),
  );

/** JSON bodies that are nearly a request. */
export const toSql: fc.Arbitrary<string> = fc
  .record(
    {
      query: fc.oneof(
        fc.constantFrom('select $1 as v', 'select 1', 'begin', 'copy pg_class to stdout', ''),
        fc.string(),
        fc.jsonValue(),
      ),
      params: fc.oneof(fc.array(fc.jsonValue(), { maxLength: 3 }), fc.jsonValue()),
      arrayMode: fc.oneof(fc.boolean(), fc.jsonValue()),
      queries: fc.oneof(
        fc.array(fc.record({ query: fc.constantFrom('select 1', 'selekt', 'rollback') }), { maxLength: 3 }),
        fc.jsonValue(),
      ),
    },
    { requiredKeys: ['query'] },
  )
  .map((body) => JSON.stringify(body));

export const toWebSocket = (target: Target): fc.Arbitrary<Buffer[]> =>
  cut(fc.oneof(bytes(400), mutated(fc.constant(session(target))), fc.constant(session(target))));

/** Sends the bytes, closes the sending half, and waits until the server closes the other half. */
export async function sayToPort({ port }: Target, words: readonly Buffer[]): Promise<void> {
  const socket = connect({ host: '127.0.0.1', port });
  // A reset ends the connection, too.
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.resume();
  for (const word of words) socket.write(word);
  socket.end();
  await closed;
}

export async function sayInWebSocket({ port }: Target, frames: readonly Buffer[]): Promise<void> {
  const webSocket = new WebSocket(`ws://127.0.0.1:${port}/v2`);
  webSocket.on('error', () => {});
  await once(webSocket, 'open');
  const closed = new Promise((resolve) => webSocket.once('close', resolve));
  for (const frame of frames) webSocket.send(frame);
  webSocket.close();
  await closed;
}

export async function sayToSql({ url, port }: Target, body: string): Promise<number> {
  const headers = { 'Neon-Connection-String': url };
  const response = await fetch(`http://localhost:${port}/sql`, { method: 'POST', headers, body });
  // Every response is JSON.
  await response.json();
  return response.status;
}

/**
 * Runs a property many times, then checks that the server still runs queries and which sessions are left on the branch,
 * after the idle sessions have ended.
 */
export async function fuzz(
  { url }: Target,
  property: fc.IAsyncProperty<unknown>,
  numRuns: number,
): Promise<{ row: unknown; sessions: unknown[] }> {
  await fc.assert(property as fc.IAsyncProperty<[unknown]>, { numRuns });
  const { rows } = await (await connectHttp(url)).query('select 1 as n');
  let sessions: unknown[];
  const deadline = Date.now() + 60_000;
  do sessions = await readSessions(url);
  while (sessions.length > 0 && Date.now() < deadline);
  return { row: rows[0], sessions };
}

async function readSessions(url: string): Promise<unknown[]> {
  return ask(
    url,
    `select pid, state, query, pg_sleep(0.05)::text from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`,
  );
}
