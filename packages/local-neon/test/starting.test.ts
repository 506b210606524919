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

/** A server that is there already, for the one that "starts". */
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

/** What PostgreSQL says meanwhile, to itself and to those who ask too early. */
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
  /** Its data directory, in which somebody notes how far PostgreSQL is; unless given, one where it is ready. */
  readonly folder?: string;
  /** Whether a start has come to its end there. */
  readonly hasServed?: boolean;
  readonly ended?: Promise<void>;
}

/**
 * PostgreSQL's socket in a folder of its own: the visitors are received in these ways in turn, and then by the server.
 */
async function start(
  receptions: readonly ((visitor: Socket) => void)[],
  { folder, hasServed = false, ended = never }: StartOptions = {},
): Promise<PostgresServer> {
  const place = folder ?? (await createFolder());
  if (folder === undefined) await note(place, place, 'ready');
  const left = [...receptions];
  const receive = (visitor: Socket): void => {
    visitor.on('error', () => {});
    const reception = left.shift();
    if (reception) return reception(visitor);
    const server = connect({ host: '127.0.0.1', port }).on('error', () => {});
    visitor.pipe(server).pipe(visitor);
  };
  const door = createServer(receive).listen(join(place, '.s.PGSQL.5432'));
  await once(door, 'listening');
  onTestFinished(() => void door.close());
  const log = openSync(join(place, 'log'), 'a+');
  onTestFinished(() => closeSync(log));
  const guard: Guard = {
    folder: place,
    socketFolder: place,
    ended,
    stage() {},
    start: () => void writeSync(log, LOG),
    end: async () => {},
  };
  const { password, superuserPassword } = settings;
  const directory: DataDirectory = {
    folder: place,
    postgres: place,
    log: join(place, 'log'),
    settings: { password, superuserPassword, ...(hasServed ? { hasApplication: true } : {}) },
  };
  const programs = { initdb: 'initdb', postgres: 'postgres', major: '18' };
  const server = await startPostgres({ guard, programs, directory, isTemporary: false, log });
  await server.ready;
  expect(left).toEqual([]);
  return server;
}

/** What PostgreSQL notes of itself in its data directory; at once, as it does: the file is never empty. */
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

const RECEPTIONS: Record<string, (visitor: Socket) => void> = {
  'is gone before the startup packet comes': (visitor) => visitor.destroy(),
  'hangs up with the startup packet read': (visitor) => visitor.once('data', () => visitor.end()),
  'hangs up with the startup packet unread': (visitor) => visitor.pause().once('readable', () => visitor.destroy()),
  'asks for the password and is gone': (visitor) => visitor.write(ASK_PASSWORD, () => visitor.destroy()),
  'asks for the password and hangs up': (visitor) => visitor.end(ASK_PASSWORD),
  'recovers (57P03)': (visitor) => visitor.end(refusal('57P03')),
  'shuts down (57P01)': (visitor) => visitor.end(refusal('57P01')),
  'has crashed (57P02)': (visitor) => visitor.end(refusal('57P02')),
};

describe('a PostgreSQL that is starting is waited for while it', () => {
  test.each(Object.entries(RECEPTIONS))('%s', async (_, reception) => {
    const { admin } = await start([reception, reception]);
    expect((await admin.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    await admin.end();
  });
});

test('a PostgreSQL is not asked before it notes that it is ready, whatever one before it has noted', async () => {
  const folder = await createFolder();
  const before = join(folder, 'before');
  await note(folder, before, 'ready   ');
  const asked: string[] = [];
  const started = start(
    [
      (visitor) => {
        asked.push(readFileSync(join(folder, 'postmaster.pid'), 'utf8'));
        visitor.destroy();
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

test('a data directory that has served is not asked for what it must have', async () => {
  const { admin } = await start([], { hasServed: true });
  expect(admin.totalCount).toBe(0);
});

test('a PostgreSQL that hangs up and has ended failed to start, in the words of its log', async () => {
  const ended = Promise.resolve();
  const reception = RECEPTIONS['asks for the password and is gone']!;
  await expect(start([reception], { ended })).rejects.toMatchObject({
    code: 'START_FAILED',
    message: expect.stringMatching(
      /ended while it started on .* It said:\n[^\n]* PANIC: {2}out of luck\n[^\n]* LOG: {2}database system is shut down$/s,
    ),
  });
});

test('a PostgreSQL that says no has failed to start, and its word is told', async () => {
  await expect(start([(visitor) => visitor.end(refusal('XX001'))])).rejects.toMatchObject({
    code: 'START_FAILED',
    message: expect.stringContaining('refused to work (no)'),
    cause: expect.objectContaining({ code: 'XX001' }),
  });
});
