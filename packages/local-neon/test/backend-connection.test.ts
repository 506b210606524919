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
const WELCOME = Buffer.from('R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I', 'latin1');
/** Far more than sockets hold on their way. */
const MUCH = Buffer.alloc(5_000_000);

/** A session that has logged in to what stands for PostgreSQL. */
async function logIn(visitor: Partial<ClientSide>): Promise<{ say: (bytes: Buffer) => void; backend: Socket }> {
  const folder = await mkdtemp(join(tmpdir(), 'line-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const server = createServer().listen(join(folder, 'socket'));
  onTestFinished(() => void server.close());
  const logins = { meet() {}, forget() {} };
  const line = openBackendConnection(
    { send: () => true, pause() {}, resume() {}, close() {}, ...visitor },
    { socketPath: join(folder, 'socket'), logins, onStart() {} },
  );
  onTestFinished(() => line.close());
  line.fromClient(STARTUP_PACKET);
  const [backend] = (await once(server, 'connection')) as [Socket];
  backend.on('error', () => {});
  await once(backend, 'data');
  backend.pause();
  return { say: line.fromClient, backend };
}

test('a visitor who has enough is sent no more until there is room', async () => {
  let room: (() => void) | undefined;
  let heard = 0;
  const send = (bytes: Buffer, sent: () => void): boolean => {
    heard += bytes.length;
    room = sent;
    return false;
  };
  const { backend } = await logIn({ send });
  backend.write(WELCOME);
  await expect.poll(() => heard).toBe(WELCOME.length);
  backend.write(MUCH);
  await delay(50);
  expect(heard).toBe(WELCOME.length);
  // Each time there is, something more comes.
  const makeRoom = (): number => {
    room?.();
    return heard;
  };
  await expect.poll(makeRoom, { interval: 1 }).toBe(WELCOME.length + MUCH.length);
});

test('a visitor who says more than PostgreSQL takes is not listened to until it has taken it', async () => {
  const told: string[] = [];
  const { say, backend } = await logIn({ pause: () => told.push('pause'), resume: () => told.push('resume') });
  backend.write(WELCOME);
  await expect.poll(() => told).toEqual(['resume']);
  say(MUCH);
  expect(told).toEqual(['resume', 'pause']);
  await delay(50);
  expect(told).toEqual(['resume', 'pause']);
  backend.resume();
  await expect.poll(() => told).toEqual(['resume', 'pause', 'resume']);
});
