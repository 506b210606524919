/** WebSockets of other runtimes: one that reports a lost connection with an event, and one that belongs to one request. */
import { neonConfig } from '@neondatabase/serverless';
import { testBranch } from '@todo/local-neon/vitest';
import { sql } from 'drizzle-orm';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';

import { connectWebSocket } from './fixture/app.ts';
import { tcpProxy } from './tcp-proxy.ts';

const { url } = await testBranch();
const one = sql`select 1 as one`;

afterEach(() => {
  delete (neonConfig as { webSocketConstructor?: unknown }).webSocketConstructor;
});

/** As in Deno: an `error` event comes before the `close` event of a connection that was lost. */
class ReportingWebSocket extends WebSocket {
  override emit(event: string | symbol, ...details: unknown[]): boolean {
    // 1006 is a connection that ended without a closing handshake.
    if (event === 'close' && details[0] === 1006) super.emit('error', new Error('Unexpected EOF'));
    return super.emit(event, ...details);
  }
}

test('a lost connection that the runtime reports with an event is typed, and a read is sent again', async () => {
  neonConfig.webSocketConstructor = ReportingWebSocket;
  await using proxy = await tcpProxy(url);
  await using db = connectWebSocket(proxy.url);
  await db.execute(one);
  const write = db
    .execute(sql`select set_config('a.b', 'c', false) from pg_sleep(10)`)
    .catch((error: unknown) => error);
  setTimeout(() => proxy.cut(), 200);
  expect(await write).toMatchObject({
    name: 'DatabaseError',
    kind: 'unknown-outcome',
    message: expect.stringContaining('Unexpected EOF'),
  });
  setTimeout(() => proxy.cut(), 200);
  expect((await db.execute(sql`select 1 as one from pg_sleep(0.4)`)).rows).toEqual([{ one: 1 }]);
});

test('a server that cannot be reached is a `connection` error, also when the runtime reports it with an event', async () => {
  neonConfig.webSocketConstructor = ReportingWebSocket;
  const proxy = await tcpProxy(url);
  await proxy.close();
  await using db = connectWebSocket(proxy.url);
  await expect(db.execute(one)).rejects.toMatchObject({ name: 'DatabaseError', kind: 'connection', retryable: true });
});

/** As in a browser: the `error` event has no reason. */
class SilentWebSocket extends WebSocket {
  override emit(event: string | symbol, ...details: unknown[]): boolean {
    return super.emit(event, ...(event === 'error' ? [new Error('')] : details));
  }
}

test('a server that cannot be reached is named as such when the runtime gives no reason', async () => {
  neonConfig.webSocketConstructor = SilentWebSocket;
  const proxy = await tcpProxy(url);
  await proxy.close();
  await using db = connectWebSocket(proxy.url, { connectTimeoutMs: 300 });
  await expect(db.execute(one)).rejects.toMatchObject({
    kind: 'connection',
    retryable: true,
    message: expect.stringMatching(/^The database could not be reached: WebSocket to \S+ failed: no reason given\.$/),
  });
});

let request = 1;

/** As on Cloudflare Workers: only the request that opened it may use it. */
class RequestWebSocket {
  readonly #socket: WebSocket;
  readonly #request = request;

  constructor(address: string) {
    this.#socket = new WebSocket(address);
  }

  get readyState(): number {
    return this.#socket.readyState;
  }

  set binaryType(type: WebSocket['binaryType']) {
    this.#socket.binaryType = type;
  }

  addEventListener(...listener: Parameters<WebSocket['addEventListener']>): void {
    this.#socket.addEventListener(...listener);
  }

  send(frame: Uint8Array): void {
    this.#requireOwner();
    this.#socket.send(frame);
  }

  close(): void {
    this.#requireOwner();
    this.#socket.close();
  }

  #requireOwner(): void {
    if (request !== this.#request) {
      throw new Error('Cannot perform I/O on behalf of a different request. (I/O type: Native)');
    }
  }
}

test.each([
  ['that was just used', {}],
  ['that is checked first', { checkIdleAfterMs: 0 }],
])('a connection of another request %s is refused at once, with what to do', async (_, options) => {
  neonConfig.webSocketConstructor = RequestWebSocket;
  const db = connectWebSocket(url, { ...options, connectionsMax: 1 });
  expect((await db.execute(one)).rows).toEqual([{ one: 1 }]);
  request += 1;
  const startedAt = performance.now();
  const refusal = { name: 'DatabaseError', kind: 'connection', message: expect.stringContaining('`withDatabase(') };
  await expect(db.execute(one)).rejects.toMatchObject(refusal);
  expect(performance.now() - startedAt).toBeLessThan(1000);
  // It has left the pool, so the next query opens a new connection.
  expect((await db.execute(one)).rows).toEqual([{ one: 1 }]);
  request += 1;
  await db.close();
});
