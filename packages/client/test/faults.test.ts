/**
 * Connections that are cut, frozen or answered by a proxy, over both transports: which requests are sent again, and which errors callers
 * get.
 */
import { once } from 'node:events';
import { createConnection } from 'node:net';

import { testBranch } from '@todo/local-neon/vitest';
import { type SQL, sql } from 'drizzle-orm';
import { describe, expect, onTestFinished, test } from 'vitest';

import { type LoggedQuery, type QueryLogger } from '../src/index.ts';
import { connectHttp, connectWebSocket, type Database } from './fixture/app.ts';
import { runWithFaults } from './fault-run.ts';
import { query } from './query.ts';
import { tcpProxy } from './tcp-proxy.ts';

const { url } = await testBranch();
await query(url, 'create table letter (text text unique)');

interface Options {
  readonly logger?: QueryLogger;
  readonly timeoutMs?: number;
  readonly connectTimeoutMs?: number;
}

const transports: Record<string, (url: string, options?: Options) => Database> = {
  'over HTTP': (to, options) => connectHttp(to, options),
  'over WebSocket': (to, options) => {
    const db = connectWebSocket(to, options);
    onTestFinished(() => db.close());
    return db;
  },
};

/** A query that runs until it is cancelled. Its number identifies it in `pg_stat_activity`. */
const reading = (mark: number): SQL => sql.raw(`select ${mark} as mark, pg_sleep(60)`);
const writing = (mark: number): SQL => sql.raw(`insert into letter select 'letter ${mark}' from pg_sleep(60)`);

interface Run {
  readonly pid: number;
  readonly startedAt: string;
}

/** The backend of the query, once the query runs and no earlier run is left. Two runs may use one backend. */
async function running(mark: number, before?: Run): Promise<Run> {
  const runs = `select pid, query_start::text as "startedAt" from pg_stat_activity
    where query like '%${mark}%pg_sleep%' and state = 'active' and pid <> pg_backend_pid()`;
  let found: Run | undefined;
  await expect
    .poll(async () => {
      const rows = (await query(url, runs)) as unknown as Run[];
      found = rows.find(({ startedAt }) => startedAt !== before?.startedAt);
      return rows.length === 1 && found !== undefined;
    })
    .toBe(true);
  return found!;
}

/** Waits for an error. Earlier requests have been refused by then. */
async function refusal(closed: string): Promise<void> {
  const [error] = await once(createConnection(Number(new URL(closed).port), '127.0.0.1'), 'error');
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
}

/** Starts `work`; the test looks at a rejection later. */
function start(work: PromiseLike<unknown>): Promise<unknown> {
  return Promise.resolve(work).then(
    () => 'done',
    (error: unknown) => error,
  );
}

describe.each(Object.entries(transports))('%s', (transport, connect) => {
  const base = transport === 'over HTTP' ? 1000 : 2000;

  test('a read is sent again when its connection is cut, and the caller sees no error', async () => {
    await using proxy = await tcpProxy(url);
    const db = connect(proxy.url);
    const read = start(db.execute(reading(base + 1)));
    const first = await running(base + 1);
    proxy.cut();
    const second = await running(base + 1, first);
    await query(url, `select pg_cancel_backend(${second.pid})`);
    expect(await read).toMatchObject({ kind: 'timeout', code: '57014' });
  });

  test('a write whose connection is cut has an unknown outcome, and is not sent again', async () => {
    await using proxy = await tcpProxy(url);
    const db = connect(proxy.url);
    const write = start(db.execute(writing(base + 2)));
    await running(base + 2);
    const before = proxy.met;
    proxy.cut();
    expect(await write).toMatchObject({ kind: 'unknown-outcome', retryable: false });
    expect(proxy.met).toBe(before);
  });

  test('a write whose backend is terminated was rolled back, and is sent again', async () => {
    const db = connect(url);
    const write = start(db.execute(writing(base + 3)));
    const first = await running(base + 3);
    await query(url, `select pg_terminate_backend(${first.pid})`);
    const second = await running(base + 3, first);
    await query(url, `select pg_cancel_backend(${second.pid})`);
    expect(await write).toMatchObject({ kind: 'timeout', code: '57014' });
    expect(await query(url, `select from letter where text = 'letter ${base + 3}'`)).toEqual([]);
  });

  test('after a timeout, a read may be sent again and a write has an unknown outcome', async () => {
    const db = connect(url, { timeoutMs: 1000 });
    // Use an open connection: a login takes time too.
    const ready = () => expect.poll(async () => (await db.execute(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
    await ready();
    expect(await start(db.execute(reading(base + 4)))).toMatchObject({
      kind: 'timeout',
      retryable: true,
      code: 'ETIMEDOUT',
    });
    await ready();
    expect(await start(db.execute(writing(base + 5)))).toMatchObject({ kind: 'unknown-outcome', retryable: false });
    await ready();
  });

  test('a write is sent again until a server listens, and is logged once', async () => {
    await using proxy = await tcpProxy(url);
    await proxy.close();
    const seen: LoggedQuery[] = [];
    const db = connect(proxy.url, { logger: (entry) => seen.push(entry) });
    const write = start(db.execute(sql`insert into letter values (${`found ${base}`})`));
    await refusal(proxy.url);
    await proxy.listen();
    expect(await write).toBe('done');
    expect(seen).toMatchObject([{ statement: 'insert into letter values ($1)', error: undefined }]);
  });

  test('when no server listens, the error says so', async () => {
    await using proxy = await tcpProxy(url);
    await proxy.close();
    // The deadline must not be the reason why the attempts end.
    const db = connect(proxy.url, { timeoutMs: 3_600_000, connectTimeoutMs: 3_600_000 });
    const port = new URL(proxy.url).port;
    expect(await start(db.execute(sql`select 1`))).toMatchObject({
      kind: 'connection',
      code: 'ECONNREFUSED',
      retryable: true,
      message: expect.stringContaining(port),
    });
  });

  test('a connection that hangs from the start fails at the deadline', async () => {
    await using proxy = await tcpProxy(url);
    proxy.meet('freeze', 'freeze', 'freeze');
    const db = connect(proxy.url, { timeoutMs: 300, connectTimeoutMs: 300 });
    expect(await start(db.execute(sql`select 1`))).toMatchObject({ code: 'ETIMEDOUT', retryable: true });
  });
});

test.each(Object.entries(transports))('over %s, no write is lost or doubled during faults', async (_, connect) => {
  await using proxy = await tcpProxy(url);
  const errors = await runWithFaults({
    db: connect(proxy.url, { timeoutMs: 5000 }),
    url: () => url,
    writes: 300,
    faults: [
      async () => void (await query(url, END_BACKENDS)),
      async () => proxy.cut(),
      async () => {
        proxy.freeze();
        await query(url, 'select pg_sleep(0.1)');
        proxy.thaw();
      },
      async () => proxy.cut(),
    ],
  });
  expect(errors).not.toHaveProperty('refused');
});

const END_BACKENDS = `select pg_terminate_backend(pid) from pg_stat_activity
  where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;

// These tests mostly wait.
describe.concurrent('a compute that starts', () => {
  // The answer of Neon's proxy over HTTP while it cannot reach the compute.
  const asleep = notYet(400, { message: "Couldn't connect to compute node", code: null });
  const starting = notYet(400, { message: 'the database system is starting up', code: '57P03', severity: 'FATAL' });

  test('a write is sent again until the compute has started', async () => {
    await using proxy = await tcpProxy(url);
    proxy.meet(asleep, asleep, asleep);
    const db = connectHttp(proxy.url);
    await db.execute(sql`insert into letter values ('awake')`);
    expect(proxy.met).toBe(4);
    expect(await query(url, `select from letter where text = 'awake'`)).toHaveLength(1);
  });

  test.each([
    ['the proxy reports that the compute sleeps', Array.from({ length: 200 }, () => asleep)],
    ['PostgreSQL is starting', Array.from({ length: 200 }, () => starting)],
    [
      'the compute sleeps, and then the proxy does not answer',
      [asleep, ...Array.from({ length: 200 }, () => 'freeze')],
    ],
  ])('an error names a compute that does not wake: %s', async (_, fates) => {
    await using proxy = await tcpProxy(url);
    proxy.meet(...fates);
    const db = connectHttp(proxy.url, { timeoutMs: 3000 });
    expect(await start(db.execute(sql`select 1`))).toMatchObject({
      kind: 'connection',
      retryable: true,
      message: expect.stringMatching(/^The compute did not start within 3000 ms\. .*Neon console/),
    });
  });

  test('over WebSocket, an error names a suspended compute that accepts the connection and does nothing more', async () => {
    await using proxy = await tcpProxy(url);
    proxy.meet(...Array.from({ length: 200 }, () => 'freeze'));
    await using db = connectWebSocket(proxy.url, { connectTimeoutMs: 300 });
    expect(await start(db.execute(sql`insert into letter values ('never')`))).toMatchObject({
      kind: 'connection',
      retryable: true,
      message: expect.stringMatching(/No connection to \S+ within 300 ms/),
    });
  });

  test('over WebSocket, an error names a suspended compute that opens the WebSocket but starts no session', async () => {
    await using proxy = await tcpProxy(url);
    proxy.meet(...Array.from({ length: 200 }, () => 'mute'));
    await using db = connectWebSocket(proxy.url, { timeoutMs: 300 });
    expect(await start(db.execute(sql`insert into letter values ('never')`))).toMatchObject({
      kind: 'connection',
      code: 'ETIMEDOUT',
      retryable: true,
      message: expect.stringContaining('did not start the session in time'),
    });
  });
});

/** A retry would change nothing and take time. */
test.each([
  ['a refused password', 'ep: password authentication failed', 'connection'],
  ['an endpoint that is gone', 'Control plane request failed: endpoint cannot be found', 'connection'],
])('%s is not retried', async (_, message, kind) => {
  await using proxy = await tcpProxy(url);
  proxy.meet(notYet(400, { message }));
  expect(await start(connectHttp(proxy.url).execute(sql`select 1`))).toMatchObject({ kind, retryable: false });
  expect(proxy.met).toBe(1);
});

test('a write is not sent before its session has begun, so a write can be sent again when its session is lost', async () => {
  await using proxy = await tcpProxy(url);
  proxy.meet('mute');
  await using db = connectWebSocket(proxy.url);
  await query(url, 'create table visit (n int)');
  const write = start(db.execute(sql`insert into visit values (1)`));
  // The statement that was sent with the password has run.
  const session = `select from pg_stat_activity where datname = current_database() and state = 'idle' and query ~ '^(insert into visit.*)?$'`;
  await expect.poll(() => query(url, session)).toHaveLength(1);
  proxy.cut();
  expect(await write).toBe('done');
  expect(await query(url, 'select n from visit')).toHaveLength(1);
});

test('a transaction that loses its connection changed nothing and is not retried, and the process survives', async () => {
  await using proxy = await tcpProxy(url);
  await using db = connectWebSocket(proxy.url);
  let runs = 0;
  const lost = db.transaction(async (tx) => {
    runs += 1;
    await tx.execute(sql`insert into letter values ('lost')`);
    proxy.cut();
    await tx.execute(sql`insert into letter values ('lost as well')`);
  });
  expect(await start(lost)).toMatchObject({ kind: 'connection', retryable: true });
  expect(await query(url, `select from letter where text like 'lost%'`)).toEqual([]);
  expect(runs).toBe(1);
});

test('a failed ROLLBACK does not hide the error of the transaction’s function', async () => {
  await using proxy = await tcpProxy(url);
  await using db = connectWebSocket(proxy.url);
  const reason = new Error('changed my mind');
  const left = db.transaction(async (tx) => {
    await tx.execute(sql`insert into letter values ('left')`);
    proxy.cut();
    throw reason;
  });
  expect(await start(left)).toBe(reason);
});

test('a lock timeout rolls back its savepoint and not the transaction', async () => {
  await query(url, 'create table seat (id int primary key)', 'insert into seat values (1)');
  await using db = connectWebSocket(url);
  await db.transaction(async (theirs) => {
    await theirs.execute(sql`select from seat for update`);
    await db.transaction(async (tx) => {
      const inner = tx.transaction((nested) => nested.execute(sql`select from seat for update nowait`));
      expect(await start(inner)).toMatchObject({ kind: 'timeout', code: '55P03', retryable: true });
      await tx.execute(sql`insert into letter values ('went on')`);
    });
  });
  expect(await query(url, `select from letter where text = 'went on'`)).toHaveLength(1);
});

test('a transaction that loses its connection during COMMIT has an unknown outcome', async () => {
  await query(
    url,
    `create function sleep() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return null; end $$`,
    `create table slow (n int)`,
    `create constraint trigger sleeps after insert on slow deferrable initially deferred for each row execute function sleep()`,
  );
  await using proxy = await tcpProxy(url);
  await using db = connectWebSocket(proxy.url);
  const lost = start(db.transaction((tx) => tx.execute(sql`insert into slow values (1)`)));
  const committing = `select from pg_stat_activity
    where datname = current_database() and query = 'commit' and state = 'active'`;
  await expect.poll(() => query(url, committing)).toHaveLength(1);
  proxy.cut();
  expect(await lost).toMatchObject({ kind: 'unknown-outcome', retryable: false });
});

test('a statement timeout rolls back its savepoint and not the transaction', async () => {
  await using db = connectWebSocket(url);
  await db.transaction(async (tx) => {
    const inner = tx.transaction(async (nested) => {
      await nested.execute(sql`set local statement_timeout = 100`);
      await nested.execute(sql`select pg_sleep(60)`);
    });
    expect(await start(inner)).toMatchObject({ kind: 'timeout', code: '57014' });
    await tx.execute(sql`insert into letter values ('in time')`);
  });
  expect(await query(url, `select from letter where text = 'in time'`)).toHaveLength(1);
});

test('a transaction that only read changed nothing, even when its COMMIT is lost', async () => {
  await using proxy = await tcpProxy(url);
  await using db = connectWebSocket(proxy.url);
  const lost = db.transaction(async (tx) => {
    await tx.execute(sql`select 1`);
    proxy.cut();
  });
  expect(await start(lost)).toMatchObject({ kind: 'connection', retryable: true });
});

test('a batch with reads and writes counts as a write: when its connection is cut, its outcome is unknown', async () => {
  await using proxy = await tcpProxy(url);
  const db = connectHttp(proxy.url);
  const batch = start(db.batch([db.execute(sql`select 1`), db.execute(writing(3001))]));
  await running(3001);
  proxy.cut();
  expect(await batch).toMatchObject({ kind: 'unknown-outcome', retryable: false });
});

test('a COMMIT after a failed statement is reported as rolled back, even if the statement’s error was caught', async () => {
  await using db = connectWebSocket(url);
  const swallowing = db.transaction(async (tx) => {
    await tx.execute(sql`insert into letter values ('rolled back')`);
    await tx.execute(sql`select 1 / 0`).catch(() => {});
  });
  expect(await start(swallowing)).toMatchObject({ kind: 'refused', code: '25P02' });
  expect(await query(url, `select from letter where text = 'rolled back'`)).toEqual([]);
});

test('a statement that was not awaited does not run in the next lease of its connection', async () => {
  await using db = connectWebSocket(url, { connectionsMax: 1 });
  let late: Promise<unknown> | undefined;
  await db.transaction(async (tx) => {
    late = new Promise((resolve) => setImmediate(resolve))
      .then(() => db.execute(sql`select 1`))
      .then(() => tx.execute(sql`insert into letter values ('late')`));
    await tx.execute(sql`select 1`);
  });
  expect(await start(late!)).toMatchObject({ kind: 'refused', message: expect.stringContaining('has ended') });
});

function notYet(status: number, body: object): string {
  const json = JSON.stringify(body);
  return `HTTP/1.1 ${status} Not yet\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ${json.length}\r\n\r\n${json}`;
}
