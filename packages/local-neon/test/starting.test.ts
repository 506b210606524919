import { once } from 'node:events';
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { startLocalNeon } from '../src/index.ts';
import type { DataDirectory } from '../src/postgres/data-directory.ts';
import type { Guard } from '../src/postgres/guard.ts';
import { type PostgresServer, startPostgres } from '../src/postgres/postgres-server.ts';
import type { Settings } from '../src/postgres/settings.ts';
import { createDataFolder } from './data-folder.ts';

/** A running server. The gateways of these tests pass everything on to it. */
let settings: Settings;
let port: number;
beforeAll(async () => {
  const { dataDir, remove } = await createDataFolder();
  const neon = await startLocalNeon({ dataDir });
  settings = JSON.parse(await readFile(join(dataDir, 'settings.json'), 'utf8')) as Settings;
  port = Number(new URL(neon.url).port);
  return async () => {
    await neon.close();
    await remove();
  };
});

/** PostgreSQL's log meanwhile, with the refusals of early connections. */
const LOG = [
  'PANIC:  out of luck',
  ...Array.from({ length: 10 }, () => [
    'FATAL:  the database system is not yet accepting connections',
    'DETAIL:  Consistent recovery state has not been yet reached.',
    'FATAL:  the database system is starting up',
  ]).flat(),
  'LOG:  database system is shut down',
]
  .map((line) => `2020-02-03 04:05:06.789 GMT [1] ${line}\n`)
  .join('');

interface StartOptions {
  /** The data directory with postmaster.pid. By default one whose PostgreSQL is ready. */
  readonly folder?: string;
  /** Whether a start has succeeded on the data directory. */
  readonly hasServed?: boolean;
  readonly ended?: Promise<void>;
}

/**
 * A fake of PostgreSQL's socket: each of these functions handles one connection, then the server handles the rest.
 */
async function start(
  handlers: readonly ((connection: Socket) => void)[],
  { folder, hasServed = false, ended = never }: StartOptions = {},
): Promise<PostgresServer> {
  const place = folder ?? (await createFolder());
  if (folder === undefined) await note(place, place, 'ready');
  const left = [...handlers];
  const receive = (connection: Socket): void => {
    connection.on('error', () => {});
    const handler = left.shift();
    if (handler) return handler(connection);
    const server = connect({ host: '127.0.0.1', port }).on('error', () => {});
    connection.pipe(server).pipe(connection);
  };
  const listener = createServer(receive).listen(join(place, '.s.PGSQL.5432'));
  await once(listener, 'listening');
  onTestFinished(() => void listener.close());
  const log = openSync(join(place, 'log'), 'a+');
  onTestFinished(() => closeSync(log));
  const guard: Guard = {
    folder: place,
    socketFolder: place,
    ended,
    setIncompleteFolder() {},
    start: () => void writeSync(log, LOG),
    end: async () => {},
  };
  const { password, superuserPassword } = settings;
  const directory: DataDirectory = {
    folder: place,
    postgres: place,
    settings: { password, superuserPassword, ...(hasServed ? { hasApplication: true } : {}) },
  };
  const programs = { initdb: 'initdb', postgres: 'postgres', major: '18' };
  const server = await startPostgres({ guard, programs, directory, isTemporary: false, log });
  await server.ready;
  expect(left).toEqual([]);
  return server;
}

/** Writes postmaster.pid at once, as PostgreSQL does: the file is never empty. */
async function note(folder: string, socketFolder: string, state: string): Promise<void> {
  const file = join(folder, 'postmaster.pid');
  await writeFile(`${file}.next`, `1\n${folder}/data\n1580702645\n5432\n${socketFolder}\n\n 1 2\n${state}\n`);
  await rename(`${file}.next`, file);
}

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'starting-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** AuthenticationCleartextPassword. */
const ASK_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);

function refusal(code: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0Mno\0\0`);
  const header = Buffer.alloc(5);
  header.write('E');
  header.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([header, fields]);
}

const never = new Promise<void>(() => {});

const HANDLERS: Record<string, (connection: Socket) => void> = {
  'closes the connection before the startup packet comes': (connection) => connection.destroy(),
  'closes the connection with the startup packet read': (connection) => connection.once('data', () => connection.end()),
  'closes the connection with the startup packet unread': (connection) =>
    connection.pause().once('readable', () => connection.destroy()),
  'asks for the password and breaks off': (connection) => connection.write(ASK_PASSWORD, () => connection.destroy()),
  'asks for the password and closes the connection': (connection) => connection.end(ASK_PASSWORD),
  'recovers (57P03)': (connection) => connection.end(refusal('57P03')),
  'shuts down (57P01)': (connection) => connection.end(refusal('57P01')),
  'has crashed (57P02)': (connection) => connection.end(refusal('57P02')),
};

describe('a start waits for a PostgreSQL that', () => {
  test.each(Object.entries(HANDLERS))('%s', async (_, handler) => {
    const { admin } = await start([handler, handler]);
    expect((await admin.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    await admin.end();
  });
});

test('PostgreSQL is not connected to before its own postmaster.pid says ready', async () => {
  const folder = await createFolder();
  const before = join(folder, 'before');
  await note(folder, before, 'ready   ');
  const asked: string[] = [];
  const started = start(
    [
      (connection) => {
        asked.push(readFileSync(join(folder, 'postmaster.pid'), 'utf8'));
        connection.destroy();
      },
    ],
    { folder },
  );
  for (const state of ['starting', 'ready   ']) {
    await delay(50);
    await note(folder, folder, state);
  }
  await (await started).admin.end();
  expect(asked).toEqual([expect.stringMatching(/ready {3}\n$/)]);
  expect(asked).not.toEqual([expect.stringContaining(before)]);
});

test('the application’s role and database are not checked in a data directory that has served before', async () => {
  const { admin } = await start([], { hasServed: true });
  expect(admin.totalCount).toBe(0);
});

test('a start fails with the end of the log when PostgreSQL closes the connection and has ended', async () => {
  const ended = Promise.resolve();
  const handler = HANDLERS['asks for the password and breaks off']!;
  await expect(start([handler], { ended })).rejects.toMatchObject({
    code: 'START_FAILED',
    message: expect.stringMatching(
      /ended while it started on .* The end of its log:\n[^\n]* PANIC: {2}out of luck\n[^\n]* LOG: {2}database system is shut down$/s,
    ),
  });
});

test('a start fails with PostgreSQL’s message when it refuses the login', async () => {
  await expect(start([(connection) => connection.end(refusal('XX001'))])).rejects.toMatchObject({
    code: 'START_FAILED',
    message: expect.stringContaining('refused a connection (no)'),
    cause: expect.objectContaining({ code: 'XX001' }),
  });
});
