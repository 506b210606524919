import { once } from 'node:events';
import { connect } from 'node:net';

import { neon as createSql } from '@neondatabase/serverless';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';

import { type LocalNeon, startLocalNeon } from '../src/index.ts';
import { ask, type Connection, connectTcp, TRANSPORTS } from './connect.ts';

// A separate server, because this test uses all its connections.
let neon: LocalNeon;
let port: number;
beforeAll(async () => {
  neon = await startLocalNeon();
  port = Number(new URL(neon.url).port);
});
afterAll(() => neon.close());

const UPGRADE =
  'GET /v2 HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

test.each([
  ['send nothing', ''],
  ['send half a request', 'POST /sql HTTP/1.1\r\n'],
  ['send half a startup packet', '\0\0\0'],
  ['open a WebSocket and send nothing in it', UPGRADE],
  ['begin a login and never end it', '\0\0\0\x15\0\x03\0\0user\0nobody\0\0'],
])('a thousand connections that %s do not keep a new client out', async (_, word) => {
  const sockets = Array.from({ length: 1000 }, () => {
    const socket = connect({ host: '127.0.0.1', port });
    // The server closes some of them.
    socket.on('error', () => {});
    socket.resume();
    if (word !== '') socket.write(word);
    return socket;
  });
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  for (const open of Object.values(TRANSPORTS)) {
    const send = async (): Promise<unknown> => {
      const connection = await open(neon.url);
      const { rows } = await connection.query('select 1 as n');
      await connection.close();
      return rows;
    };
    // During the grace time of unfinished logins, PostgreSQL may have no connection left.
    const sendOrRefusal = (): Promise<unknown> => send().catch((error: { code?: string }) => error.code);
    await expect.poll(sendOrRefusal).toEqual([{ n: 1 }]);
  }
});

/** Takes all connections that PostgreSQL has left. */
async function fill(): Promise<Connection[]> {
  const connections: Connection[] = [];
  try {
    for (;;) connections.push(await connectTcp(neon.url));
  } catch (error) {
    if ((error as { code?: string }).code === '53300') return connections;
    throw error;
  }
}

test('when PostgreSQL has no connection left, a request ends an idle session of another role', async () => {
  // The connections of the tests before close one after the other.
  const createGuest = (): Promise<unknown> => ask(neon.url, `create role guest login password 'guest'`);
  await expect.poll(createGuest).toEqual([]);
  const guest = new URL(neon.url);
  guest.username = guest.password = 'guest';
  const connections: Connection[] = [];
  // An idle session of the first role has the last connection, and the other role's request comes before its idle
  // timeout.
  const served = async (): Promise<unknown[]> => {
    connections.push(...(await fill()));
    await connections.pop()?.close();
    await createSql(neon.url)`select 1`;
    const refusal = await connectTcp(neon.url).then(
      (connection) => connections.push(connection),
      (error: { code?: string }) => error.code,
    );
    return [refusal, await createSql(guest.href)`select current_user::text as role`];
  };
  // The server's own sessions come and go meanwhile, so one connection may be missing or left over.
  await expect.poll(served).toEqual(['53300', [{ role: 'guest' }]]);
  await Promise.all(connections.map((connection) => connection.close()));
});
