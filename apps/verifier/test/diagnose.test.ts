import { createServer as createHttpServer } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server } from 'node:net';

import { neon } from '@neondatabase/serverless';
import { connectHttp, connectSession, connectWebSocket, type OwnSession } from '@todo/db';
import { MigrationError } from '@todo/migrator';
import { LocalNeonError } from '@todo/local-neon';
import { testBranch } from '@todo/local-neon/vitest';
import { Client, Pool } from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';

import { diagnose } from '../src/diagnose.ts';
import { rebuildError } from '../src/failures/failure.ts';
import { FAILURES } from '../src/failures/index.ts';
import { execute } from './database.ts';

describe('a recorded error', () => {
  const examples = Object.entries(FAILURES).flatMap(([failure, entry]) =>
    entry.examples.map((example) => ({ failure, example })),
  );

  it.each(examples)('is diagnosed as $failure: $example.message$example.code', ({ failure, example }) => {
    const diagnosis = diagnose(rebuildError(example));
    expect(diagnosis?.failure).toBe(failure);
    expect(JSON.stringify(diagnosis)).not.toMatch(/hunter2|undefined/);
  });

  it.each(Object.entries(FAILURES))('exists for each error code of %s', (_, { codes = [], examples: recorded }) => {
    const seen = JSON.stringify(recorded);
    expect(codes.filter((code) => !seen.includes(`"${code}"`))).toEqual([]);
  });
});

/** Failures that the test can provoke on this machine. Each function rejects. */
type Provocation = readonly [failure: string, what: string, provoke: () => Promise<unknown>];

describe('a provoked error', () => {
  let url: string;
  beforeAll(async () => {
    ({ url } = await testBranch());
    await execute(
      url,
      'create table secured (id int)',
      'alter table secured enable row level security, force row level security',
    );
  });

  const http = (change: (parts: URL) => void) => connectHttp(changed(url, change)).execute('select 1');
  const session = (change: (parts: URL) => void) => connectSession(changed(url, change));

  const addresses: Provocation[] = [
    ['bad-url', 'no connection string', async () => connectHttp('nothing')],
    ['dns', 'HTTP to a host that is not', () => http((to) => (to.host = 'ep-x.neon.invalid'))],
    ['dns', 'a session with a host that is not', () => session((to) => (to.host = 'ep-x.neon.invalid'))],
    ['refused', 'HTTP to where nothing listens', () => http((to) => (to.port = '4'))],
    ['refused', 'a session with where nothing listens', () => session((to) => (to.port = '4'))],
    ['bad-url', 'HTTP to an address', async () => http((to) => (to.host = '10.0.0.1'))],
    [
      'no-host-name',
      'HTTP to an address, by the driver alone',
      () => neon(changed(url, (to) => (to.host = '10.0.0.1')))`select 1`,
    ],
    ['bad-port', 'HTTP to a port that fetch refuses', () => http((to) => (to.port = '6000'))],
    ['password', 'HTTP with a wrong password', () => http((to) => (to.password = 'hunter2'))],
    ['password', 'a session with a wrong password', () => session((to) => (to.password = 'hunter2'))],
    ['password', 'a session of an unknown user', () => session((to) => (to.username = 'nobody'))],
    ['no-database', 'HTTP to a database that is not', () => http((to) => (to.pathname = 'nope'))],
    ['no-database', 'a session with a database that is not', () => session((to) => (to.pathname = 'nope'))],
    ['tls-not-offered', 'TLS of PostgreSQL where there is none', () => connected({ connectionString: url, ssl: true })],
    ['no-transaction-over-http', 'a transaction over HTTP', async () => untypedTransaction(url)],
    ['too-large', '10 MiB over HTTP', () => connectHttp(url).execute(`select repeat('x', 11000000)`)],
    ['pool-exhausted', 'a second connection from a pool of one', () => exhaust(url)],
    ['no-slots', 'a database that takes no more connections', async () => full()],
    ['no-module', 'a file that is not', async () => createRequire(import.meta.url).resolve('./nope')],
    ['no-module', 'a path that is no door', async () => createRequire(import.meta.url).resolve('@todo/db/nope')],
  ];
  it.each(addresses)('is diagnosed as %s: %s', async (failure, _, provoke) => {
    expect(await diagnosed(provoke)).toBe(failure);
  });

  const statements: (readonly [failure: string, ...sql: string[]])[] = [
    ['table-exists', 'create table todo ()'],
    ['constraint-exists', 'alter table todo add constraint todo_user_id_fkey foreign key (user_id) references "user"'],
    ['no-table', 'select from nope'],
    ['no-column', 'select nope from todo'],
    ['user-is-a-keyword', 'insert into user values (1)'],
    ['row-security', 'insert into secured values (1)'],
    ['no-right', 'select from pg_authid'],
    ['duplicate', `insert into "user" (email, hashed_password) values ('hunter2', ''), ('hunter2', '')`],
    ['no-owner', `insert into todo (title, user_id) values ('hunter2', -1)`],
    ['no-value', 'insert into todo (title, user_id) values (null, -1)'],
    ['too-long', `insert into todo (title, user_id) values (repeat('hunter2', 99), -1)`],
    ['check-violated', 'create temp table t (i int check (i > 0))', 'insert into t values (0)'],
    ['bad-input', `select 'hunter2'::int`],
    ['bad-input', 'select 2147483647 + 1'],
    ['cancelled', `set statement_timeout = 1`, 'select pg_sleep(60)'],
    ['read-only', 'begin read only', 'create table nope ()'],
    ['cached-plan', 'create temp table t ()', 'prepare a as select * from t', 'alter table t add a int', 'execute a'],
    ['prepared-statement', 'prepare a as select 1', 'prepare a as select 1'],
    ['prepared-statement', 'execute nope'],
    ['server-restarts', 'select pg_terminate_backend(pg_backend_pid())'],
  ];
  it.each(statements)('is diagnosed as %s from the statement: %s', async (failure, ...sql) => {
    await using own = await connectSession(url);
    expect(await diagnosed(() => all(own, sql))).toBe(failure);
  });

  it('is diagnosed as transaction-failed when a statement follows one whose error was swallowed', async () => {
    await using own = await connectSession(url);
    await all(own, ['begin', 'select nope']).catch(() => {});
    expect(await diagnosed(() => own.query('select 1'))).toBe('transaction-failed');
  });

  it('is diagnosed as contention when another session holds the lock', async () => {
    await using holder = await connectSession(url);
    await using other = await connectSession(url);
    await holder.query('begin; lock table todo');
    expect(await diagnosed(() => all(other, ['begin', 'lock table todo nowait']))).toBe('contention');
  });

  it('is diagnosed as contention when a concurrent transaction changed the rows', async () => {
    await using first = await connectSession(url);
    await using second = await connectSession(url);
    await all(first, [
      'create table counted as select 1 as n',
      'begin isolation level repeatable read',
      'table counted',
    ]);
    await second.query('update counted set n = 2');
    expect(await diagnosed(() => first.query('update counted set n = 3'))).toBe('contention');
  });
});

describe('a server that does not speak the protocol', () => {
  it.each<[what: string, server: () => Server]>([
    // PostgreSQL hangs up on a startup packet of a billion bytes, which is how it reads "POST".
    ['hangs up', () => createServer((socket) => socket.once('data', () => socket.destroy()))],
    ['is a web server', () => createHttpServer((_, response) => response.writeHead(404).end('<html>'))],
  ])('is named as such over both transports: a server that %s', async (_, create) => {
    await using server = await listen(create());
    await using db = connectWebSocket(server.url);
    expect(await diagnosed(() => connectHttp(server.url).execute('select 1'))).toBe('not-neon');
    expect(await diagnosed(() => db.execute('select 1'))).toBe('not-neon');
  });

  it('is diagnosed as not speaking TLS', async () => {
    await using server = await listen(createHttpServer());
    expect(await diagnosed(() => fetch(server.url.replace(/^.*@/, 'https://')))).toBe('tls-not-spoken');
  });

  it('is diagnosed as a timeout when it sends nothing', async () => {
    await using server = await listen(createServer());
    expect(await diagnosed(() => connectHttp(server.url, { timeoutMs: 50 }).execute('select 1'))).toBe('timeout');
    expect(await diagnosed(() => connectSession(server.url, { connectTimeoutMs: 50 }))).toBe('timeout');
  });

  it('is diagnosed as a lost connection when it closes the socket', async () => {
    await using server = await listen(createServer((socket) => socket.once('data', () => socket.end())));
    expect(await diagnosed(() => connected({ connectionString: server.url }))).toBe('connection-lost');
  });
});

describe('an error of our own packages', () => {
  it('names the migration file, and db:status as the remedy', () => {
    const error = new MigrationError('HISTORY_EDITED', '0001_x.sql changed after it ran.');
    expect(diagnose(error)).toEqual({
      cause: '0001_x.sql changed after it ran.',
      remedy: '`pnpm db:status` shows each migration.',
    });
  });

  it('repeats the message of local Neon, unless the error below it says more', () => {
    expect(diagnose(startFailure())?.cause).toBe('Could not start a local Neon: its log: too many clients already');
    expect(diagnose(startFailure(Object.assign(new Error(''), { code: '28P01' })))?.failure).toBe('password');
  });
});

describe('an error that matches no known failure', () => {
  it('is repeated with its SQLSTATE and without quoted values if PostgreSQL sent it', () => {
    expect(diagnose(refusal('odd "hunter2"'))?.cause).toBe('PostgreSQL refused: odd "…" (SQLSTATE 22012)');
  });

  it('is repeated without a password and without the parameters of a query', () => {
    const cause = refusal('odd: postgresql://todo:hunter2@host/todo');
    const text = JSON.stringify(diagnose(new Error('Failed query: select $1\nparams: hunter2', { cause })));
    expect(text).toContain('postgresql://todo:***@host/todo');
    expect(text).not.toContain('hunter2');
  });

  it('is not explained if it is a bug, or if it is its own cause', () => {
    const bug = new TypeError('x is not a function');
    bug.cause = bug;
    expect(diagnose(bug)).toBeUndefined();
    expect(diagnose(undefined)).toBeUndefined();
  });
});

function startFailure(cause?: unknown): LocalNeonError {
  return new LocalNeonError('START_FAILED', 'its log: too many clients already', { cause });
}

function refusal(message: string): Error {
  return Object.assign(new Error(message), { code: '22012' });
}

/** Returns the diagnosis of the error. Fails if the diagnosis contains a secret. */
async function diagnosed(work: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await work();
    return 'nothing was thrown';
  } catch (error) {
    const diagnosis = diagnose(error);
    if (JSON.stringify(diagnosis)?.includes('hunter2')) return 'a secret was told';
    return diagnosis?.failure ?? String(error);
  }
}

function changed(url: string, change: (parts: URL) => void): string {
  const parts = new URL(url);
  change(parts);
  return parts.href;
}

async function all(session: OwnSession, statements: readonly string[]): Promise<void> {
  for (const statement of statements) await session.query(statement);
}

async function connected(config: ConstructorParameters<typeof Client>[0]): Promise<void> {
  const client = new Client(config);
  client.on('error', () => {});
  await client.connect().finally(() => client.end());
}

async function untypedTransaction(url: string): Promise<unknown> {
  const untyped = connectHttp(url) as unknown as { transaction: (work: () => Promise<void>) => Promise<void> };
  return await untyped.transaction(async () => {});
}

async function exhaust(url: string): Promise<void> {
  const pool = new Pool({ connectionString: url, max: 1 });
  const client = await pool.connect();
  // The short timeout is set after the first connection, which may take long on a busy machine.
  pool.options.connectionTimeoutMillis = 50;
  try {
    await pool.query('select 1');
  } finally {
    client.release();
    await pool.end();
  }
}

async function full(): Promise<void> {
  const { url } = await testBranch();
  await execute(url, `do $$ begin execute format('alter database %I connection limit 0', current_database()); end $$`);
  await using session = await connectSession(url);
  await session.query('select 1');
}

async function listen(server: Server): Promise<AsyncDisposable & { url: string }> {
  // A client that hangs up must not fail the test.
  server.on('connection', (socket) => socket.on('error', () => {}));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `postgresql://todo:secret@127.0.0.1:${port}/todo`,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}
