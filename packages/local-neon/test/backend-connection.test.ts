import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { expect, onTestFinished, test } from 'vitest';

import { openBackendConnection, type ClientSide } from '../src/listener/backend-connection.ts';

const STARTUP_PACKET = Buffer.from('\0\0\0\x11\0\x03\0\0user\0me\0\0', 'latin1');
/** AuthenticationOk, ReadyForQuery. */
const LOGIN_END = Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1');
/** Far more than the buffers of a socket hold. */
const MUCH = Buffer.alloc(5_000_000);

/** Logs in to a fake PostgreSQL. */
async function logIn(client: Partial<ClientSide>): Promise<{ send: (bytes: Buffer) => void; backend: Socket }> {
  const folder = await mkdtemp(join(tmpdir(), 'backend-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const server = createServer().listen(join(folder, 'socket'));
  onTestFinished(() => void server.close());
  const pendingLogins = { add() {}, remove() {} };
  const connection = openBackendConnection(
    { send: () => true, pause() {}, resume() {}, close() {}, ...client },
    { socketPath: join(folder, 'socket'), pendingLogins, onStart() {} },
  );
  onTestFinished(() => connection.close());
  connection.fromClient(STARTUP_PACKET);
  const [backend] = (await once(server, 'connection')) as [Socket];
  backend.on('error', () => {});
  await once(backend, 'data');
  backend.pause();
  return { send: connection.fromClient, backend };
}

test('a client whose buffer is full is sent no more until it has room', async () => {
  let room: (() => void) | undefined;
  let received = 0;
  const send = (bytes: Buffer, sent: () => void): boolean => {
    received += bytes.length;
    room = sent;
    return false;
  };
  const { backend } = await logIn({ send });
  backend.write(LOGIN_END);
  await expect.poll(() => received).toBe(LOGIN_END.length);
  backend.write(MUCH);
  await delay(50);
  expect(received).toBe(LOGIN_END.length);
  // Each time the client has room, more bytes come.
  const makeRoom = (): number => {
    room?.();
    return received;
  };
  await expect.poll(makeRoom, { interval: 1 }).toBe(LOGIN_END.length + MUCH.length);
});

test('a client that sends more than PostgreSQL reads is paused until PostgreSQL has read it', async () => {
  const calls: string[] = [];
  const { send, backend } = await logIn({ pause: () => calls.push('pause'), resume: () => calls.push('resume') });
  backend.write(LOGIN_END);
  await expect.poll(() => calls).toEqual(['resume']);
  send(MUCH);
  expect(calls).toEqual(['resume', 'pause']);
  await delay(50);
  expect(calls).toEqual(['resume', 'pause']);
  backend.resume();
  await expect.poll(() => calls).toEqual(['resume', 'pause', 'resume']);
});
