import { once } from 'node:events';
import { readFileSync, writeSync } from 'node:fs';
import { mkdtemp, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
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

/** PostgreSQL's socket in a folder of its own: the visitors are received in these ways in turn, and then by the server. */
async function start(
  receptions: readonly ((visitor: Socket) => void)[],
  ended: Promise<void>,
  folderWithNote?: string,
): Promise<PostgresServer> {
  const folder = folderWithNote ?? (await createFolder());
  const left = [...receptions];
  const receive = (visitor: Socket): void => {
    visitor.on('error', () => {});
    const reception = left.shift();
    if (reception) return reception(visitor);
    const server = connect({ host: '127.0.0.1', port }).on('error', () => {});
    visitor.pipe(server).pipe(visitor);
  };
  const door = createServer(receive).listen(join(folder, '.s.PGSQL.5432'));
  await once(door, 'listening');
  onTestFinished(() => void door.close());
  const log = await open(join(folder, 'log'), 'a+');
  onTestFinished(() => log.close());
  const guard: Guard = {
    folder,
    ended,
    stage() {},
    start: () => void writeSync(log.fd, LOG),
    unref() {},
    end: async () => {},
  };
  const directory: DataDirectory = { folder, postgres: folder, log: join(folder, 'log'), settings };
  const server = await startPostgres(guard, directory, log);
  expect(left).toEqual([]);
  return server;
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
    const { admin } = await start([reception, reception], never);
    expect((await admin.query('select 1 as n')).rows).toEqual([{ n: 1 }]);
    await admin.end();
  });
});

test('a PostgreSQL that notes that it is starting is not asked before it notes that it is ready', async () => {
  const folder = await createFolder();
  const note = join(folder, 'postmaster.pid');
  // Without its last line at first.
  await writeFile(note, `1\n${folder}\n1580702645\n5432\n${folder}\n\n`);
  const notes: string[] = [];
  const started = start(
    [
      (visitor) => {
        notes.push(readFileSync(note, 'utf8'));
        visitor.destroy();
      },
    ],
    never,
    folder,
  );
  for (const word of ['starting', 'ready   ']) {
    await delay(50);
    // At once, as PostgreSQL does: never empty.
    await writeFile(`${note}.next`, `1\n${folder}\n1580702645\n5432\n${folder}\n\n 1 2\n${word}\n`);
    await rename(`${note}.next`, note);
  }
  await (await started).admin.end();
  expect(notes).toEqual([expect.stringMatching(/ready {3}\n$/)]);
});

test('a PostgreSQL that hangs up and has ended failed to start, in the words of its log', async () => {
  const ended = Promise.resolve();
  const reception = RECEPTIONS['asks for the password and is gone']!;
  await expect(start([reception], ended)).rejects.toMatchObject({
    code: 'START_FAILED',
    message: expect.stringMatching(
      /ended while it started on .* It said:\n[^\n]* PANIC: {2}out of luck\n[^\n]* LOG: {2}database system is shut down$/s,
    ),
  });
});

test('a PostgreSQL that says no has failed to start, and its word is told', async () => {
  await expect(start([(visitor) => visitor.end(refusal('XX001'))], never)).rejects.toMatchObject({
    code: 'START_FAILED',
    message: expect.stringContaining('refused to work (no)'),
    cause: expect.objectContaining({ code: 'XX001' }),
  });
});
