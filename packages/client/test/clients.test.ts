/** The behaviour that both clients share: the logger, replicas, a unit of work, retried transactions, and their types. */
import { EventEmitter, once } from 'node:events';

import { testBranch } from '@todo/local-neon/vitest';
import { eq, sql } from 'drizzle-orm';
import { describe, expect, expectTypeOf, onTestFinished, test, vi } from 'vitest';

import type { Endpoint } from '../src/endpoint.ts';
import {
  connectSession,
  DatabaseError,
  type LoggedQuery,
  type QueryLogger,
  type StatementComment,
  transaction,
} from '../src/index.ts';
import {
  accountById,
  connectHttp,
  connectWebSocket,
  type Database,
  type HttpDatabase,
  type WebSocketDatabase,
  withDatabase,
} from './fixture/app.ts';
import { account, note } from './fixture/schema.ts';
import { query } from './query.ts';

const { url } = await testBranch();
const replica = await testBranch();
await query(replica.url, `insert into account (email, secret) values ('of-the-replica@example.com', 'h')`);

interface Options {
  readonly logger?: QueryLogger;
  readonly logSlowerThanMs?: number;
  readonly replicas?: readonly string[];
}

const transports: Record<string, (options?: Options, to?: string) => Database> = {
  'over HTTP': (options, to = url) => connectHttp(to, options),
  'over WebSocket': (options, to = url) => {
    const db = connectWebSocket(to, options);
    onTestFinished(() => db.close());
    return db;
  },
};

describe.each(Object.entries(transports))('%s', (name, connect) => {
  describe('the logger', () => {
    test('the logger gets each query, its duration and its outcome, and no values', async () => {
      const seen: LoggedQuery[] = [];
      const db = connect({ logger: (entry) => seen.push(entry) });
      const email = `${name.replaceAll(' ', '-')}@example.com`;
      const row = { email, secret: 's3cret' };
      await db.insert(account).values(row);
      await expect(db.insert(account).values(row)).rejects.toMatchObject({ kind: 'email-taken' });
      const prepared = db
        .select()
        .from(account)
        .where(eq(account.email, sql.placeholder('email')))
        .prepare('by_email');
      await prepared.execute({ email });

      expect(seen).toEqual([
        {
          statement: expect.stringMatching(/^insert into "account"/),
          durationMs: expect.any(Number),
          error: undefined,
        },
        {
          statement: expect.stringMatching(/^insert into "account"/),
          durationMs: expect.any(Number),
          error: 'email-taken',
        },
        { statement: expect.stringMatching(/^select .* = \$1$/), durationMs: expect.any(Number), error: undefined },
      ]);
      expect(seen.every(({ durationMs }) => durationMs > 0)).toBe(true);
      expect(JSON.stringify(seen)).not.toMatch(/s3cret|@example/);
    });
  });

  test('the logger gets a query that fails before it is sent', async () => {
    const seen: LoggedQuery[] = [];
    const db = connect({ logger: (entry) => seen.push(entry) });
    const unsendable = {
      toPostgres() {
        throw new TypeError('cannot be written down');
      },
    };
    await expect(db.execute(sql`select ${unsendable}`)).rejects.toThrow('cannot be written down');
    expect(seen).toMatchObject([{ statement: 'select $1', error: 'other' }]);
  });

  test('with `logSlowerThanMs`, the logger gets only what took at least that long', async () => {
    const seen: unknown[] = [];
    const db = connect({ logSlowerThanMs: 1000, logger: (entry) => seen.push(entry) });
    let nowMs = Math.ceil(performance.now());
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    onTestFinished(() => clock.mockRestore());
    const after = async (ms: number) => {
      const done = db.execute(sql`select ${sql.raw(`${ms}`)}, pg_sleep(0.1)`).then(() => {});
      // By then it has begun.
      await new Promise(setImmediate);
      nowMs += ms;
      await done;
    };
    await after(999);
    await after(1000);
    expect(seen).toEqual([{ statement: 'select 1000, pg_sleep(0.1)', durationMs: 1000, error: undefined }]);
  });

  test.each([-1, Number.NaN, '1' as unknown as number])('`logSlowerThanMs` cannot be %j', (logSlowerThanMs) => {
    expect(() => connect({ logSlowerThanMs })).toThrow('`logSlowerThanMs` must be a number from 0 to Infinity.');
  });

  describe('with a replica', () => {
    test('with a replica, the logger gets the queries to the replica as well', async () => {
      const seen: string[] = [];
      const db = connect({ replicas: [replica.url], logger: ({ statement }) => seen.push(statement) });
      await db.select({ email: account.email }).from(account);
      expect(seen).toEqual(['select "email" from "account"']);
    });

    test('with a replica, reads go to the replica and writes to the primary', async () => {
      const db = connect({ replicas: [replica.url] });
      const email = `written-${name.slice(5)}@example.com`;
      await db.insert(account).values({ email, secret: 'h' });

      expect(isReplicas(await db.select().from(account))).toBe(true);
      expect(isReplicas(await db.query.account.findMany())).toBe(true);
      expect(await db.$count(account, eq(account.email, email))).toBe(0);
      expect(await query(url, `select from account where email = '${email}'`)).toHaveLength(1);
    });

    test('`primary` of a database with replicas reads the latest write', async () => {
      const db = connect({ replicas: [replica.url] });
      const email = `seen-${name.slice(5)}@example.com`;
      await db.insert(account).values({ email, secret: 'h' });
      expect(await db.primary.$count(account, eq(account.email, email))).toBe(1);
      expect(await db.primary.primary.query.account.findFirst({ where: eq(account.email, email) })).toBeDefined();
    });

    test('with a replica, `with(…)` reads from the replica and writes to the primary', async () => {
      const db = connect({ replicas: [replica.url] });
      const email = `with-${name.slice(5)}@example.com`;
      await db.insert(account).values({ email, secret: 'h' });
      const one = db
        .$with('one')
        .as(db.select({ id: account.id, email: account.email }).from(account).where(eq(account.email, email)));
      const changed = await db
        .with(one)
        .update(account)
        .set({ secret: 'new' })
        .where(sql`${account.id} in (select id from ${one})`)
        .returning();
      expect(emails(changed)).toEqual([email]);
      const copy = { email: `copy-of-${email}`, secret: sql`(select 'h' from ${one})` };
      expect(emails(await db.with(one).insert(account).values(copy).returning())).toEqual([copy.email]);
      const gone = db.with(one).delete(account).where(eq(account.email, copy.email));
      expect(emails(await gone.returning())).toEqual([copy.email]);
      expect(await db.with(one).select().from(one)).toEqual([]);
    });

    test('errors from a replica are typed as well', async () => {
      const db = connect({ replicas: [replica.url] });
      await expect(db.select({ x: sql`1 / 0` }).from(account)).rejects.toBeInstanceOf(DatabaseError);
    });
  });

  test('without a replica, `primary` is the database itself', () => {
    const db = connect();
    expect(db.primary).toBe(db);
  });

  test('times are `Date`s, whichever client the process opened first', async () => {
    const db = connect();
    await using session = await connectSession(url);
    await session.query('select now()');
    await db.insert(account).values({ email: `date-${name.slice(5)}@example.com`, secret: 'h' });
    const [row] = await db.select().from(account).limit(1);
    expect(row?.createdAt).toBeInstanceOf(Date);
    expect(Math.abs(row!.createdAt.getTime() - Date.now())).toBeLessThan(3_600_000);
  });
});

test('a batch is logged as one entry', async () => {
  const seen: LoggedQuery[] = [];
  const db = connectHttp(url, { logger: (entry) => seen.push(entry) });
  await db.batch([db.select().from(note), db.insert(account).values({ email: 'c@example.com', secret: 's3cret' })]);
  expect(seen.at(-1)).toMatchObject({
    statement: expect.stringMatching(/^select [^;]*;\ninsert into "account"/),
    error: undefined,
  });
  expect(JSON.stringify(seen)).not.toMatch(/s3cret/);
});

test('the logged duration includes the wait for a connection', async () => {
  const seen: LoggedQuery[] = [];
  await using db = connectWebSocket(url, { connectionsMax: 1, logger: (entry) => seen.push(entry) });
  const now = performance.now.bind(performance);
  let skippedMs = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now() + skippedMs);
  onTestFinished(() => clock.mockRestore());
  let waiting: Promise<unknown> | undefined;
  await db.transaction(async (tx) => {
    waiting = accountById(db, 0);
    await tx.execute(sql`select 1`);
    skippedMs = 3_600_000;
  });
  await waiting;
  expect(seen.filter(({ durationMs }) => durationMs >= skippedMs)).toMatchObject([
    { statement: expect.stringMatching(/^select .* from "account"/) },
  ]);
});

test('each statement of a transaction is logged', async () => {
  const seen: string[] = [];
  await using db = connectWebSocket(url, { logger: ({ statement }) => seen.push(statement) });
  await db.transaction(async (tx) => {
    await tx.execute(sql`select 1`);
    await tx.transaction((inner) => inner.execute(sql`select 2`));
  });
  expect(seen.map((statement) => statement.trim())).toEqual([
    'begin',
    'select 1',
    'savepoint sp1',
    'select 2',
    'release savepoint sp1',
    'commit',
  ]);
});

test('the ROLLBACK of a failed transaction is logged', async () => {
  const seen: string[] = [];
  await using db = connectWebSocket(url, { logger: ({ statement }) => seen.push(statement) });
  const failing = db.transaction((tx) => tx.rollback());
  await expect(failing).rejects.toThrow('Rollback');
  expect(seen.map((statement) => statement.trim())).toEqual(['begin', 'rollback']);
});

test('with a replica, batches and transactions run on the primary', async () => {
  const http = connectHttp(url, { replicas: [replica.url] });
  const [rows] = await http.batch([
    http.primary.select().from(account).where(eq(account.email, 'of-the-replica@example.com')),
  ]);
  expect(rows).toEqual([]);
  await using websocket = connectWebSocket(url, { replicas: [replica.url] });
  const found = await websocket.transaction((tx) =>
    tx.$count(account, eq(account.email, 'of-the-replica@example.com')),
  );
  expect(found).toBe(0);
});

test('with a replica, closing the database closes the connections to both servers', async () => {
  const db = connectWebSocket(url, { replicas: [replica.url] });
  await db.select().from(account);
  await db.primary.select().from(account);
  await db.close();
  for (const side of [db, db.primary])
    await expect(side.select().from(account)).rejects.toThrow('This database is closed');
});

describe('withDatabase', () => {
  test('withDatabase returns the result of the work, and leaves no connection open', async () => {
    const name = await withDatabase(url, async (db) => {
      const { rows } = await db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
      return rows[0]!.pid;
    });
    await expect.poll(() => query(url, `select from pg_stat_activity where pid = ${name}`)).toEqual([]);
  });

  test('withDatabase opens the database with the given options', async () => {
    const seen: string[] = [];
    const logger: QueryLogger = ({ statement }) => seen.push(statement);
    await withDatabase(url, (db) => db.execute(sql`select 1`), { logger });
    expect(seen).toEqual(['select 1']);
  });

  test('withDatabase closes the database when the work throws', async () => {
    let leaked: WebSocketDatabase | undefined;
    const failing = withDatabase(url, async (db) => {
      leaked = db;
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    await expect(leaked!.execute(sql`select 1`)).rejects.toThrow('This database is closed');
  });
});

describe('transaction()', () => {
  test('transaction() returns the result of its function', async () => {
    await using db = connectWebSocket(url);
    const answer = await transaction(db, async (tx) => (await tx.execute(sql`select 1 as one`)).rows);
    expect(answer).toEqual([{ one: 1 }]);
  });

  test('transaction() retries after a serialization failure', async () => {
    await using db = connectWebSocket(url);
    let runs = 0;
    await transaction(
      db,
      async (tx) => {
        runs += 1;
        await tx.execute(sql`select count(*) from account`);
        if (runs === 1) await db.execute(sql`update account set secret = 'theirs'`);
        await tx.execute(sql`update account set secret = 'ours'`);
      },
      { isolation: 'repeatable read' },
    );
    expect(runs).toBe(2);
    expect(await query(url, `select from account where secret <> 'ours'`)).toEqual([]);
  });

  test('transaction() retries the loser of a deadlock', async () => {
    await query(url, 'create table balance (id int primary key, n int)', 'insert into balance values (1, 0), (2, 0)');
    await using db = connectWebSocket(url);
    let runs = 0;
    let arrived = 0;
    const bothHaveOne = new EventEmitter();
    const met = once(bothHaveOne, 'met');
    const move = (first: number, second: number) =>
      transaction(db, async (tx) => {
        runs += 1;
        await tx.execute(sql`update balance set n = n + 1 where id = ${first}`);
        if ((arrived += 1) === 2) bothHaveOne.emit('met');
        await met;
        await tx.execute(sql`update balance set n = n + 1 where id = ${second}`);
      });
    await Promise.all([move(1, 2), move(2, 1)]);
    expect(runs).toBe(3);
    expect(await query(url, 'select n from balance')).toEqual([{ n: 2 }, { n: 2 }]);
  });

  test.each([
    ['the given number of retries', { retries: 2 }, 3],
    ['five retries by default', undefined, 6],
  ])('transaction() gives up after %s, with the last error', async (_, options, expected) => {
    await using db = connectWebSocket(url);
    let runs = 0;
    const work = async (tx: Pick<WebSocketDatabase, 'execute'>) => {
      runs += 1;
      await tx.execute(sql`do $$ begin raise exception using errcode = '40001'; end $$`);
    };
    const hopeless = transaction(db, work, options);
    await expect(hopeless).rejects.toMatchObject({ kind: 'serialization-failure', code: '40001' });
    expect(runs).toBe(expected);
  });

  test('transaction() does not retry a statement that PostgreSQL refused', async () => {
    await using db = connectWebSocket(url);
    let runs = 0;
    const failing = transaction(db, async (tx) => {
      runs += 1;
      await tx.execute(sql`select 1 / 0`);
    });
    await expect(failing).rejects.toMatchObject({ kind: 'refused', code: '22012' });
    expect(runs).toBe(1);
  });

  test('transaction() sets the isolation level, and does not retry other failures', async () => {
    await using db = connectWebSocket(url);
    let runs = 0;
    const failing = transaction(
      db,
      async (tx) => {
        runs += 1;
        const { rows } = await tx.execute(sql`show transaction_isolation`);
        throw new Error(String(rows[0]!['transaction_isolation']));
      },
      { isolation: 'serializable' },
    );
    await expect(failing).rejects.toThrow('serializable');
    expect(runs).toBe(1);
  });

  test('transaction() rejects with the error of its function unchanged, even if it looks like a network error', async () => {
    await using db = connectWebSocket(url);
    const error = Object.assign(new Error('of another server'), { code: 'ECONNREFUSED' });
    await expect(transaction(db, () => Promise.reject(error))).rejects.toBe(error);
  });
});

describe('types', () => {
  test('an HTTP database has no transaction: neither its own nor the function transaction()', () => {
    expectTypeOf<HttpDatabase>().not.toHaveProperty('transaction');
    expectTypeOf(transactionsOverHttp).toBeFunction();
  });

  test('rows keep their types over either transport and in a transaction', () => {
    expectTypeOf(rowsOf).returns.resolves.toEqualTypeOf<Row[]>();
    expectTypeOf<NonNullable<Awaited<ReturnType<typeof notesOf>>>['notes'][number]['title']>().toBeString();
    type Tx = Parameters<Parameters<typeof transaction>[1]>[0];
    expectTypeOf<Tx>().toHaveProperty('insert');
    expectTypeOf<Awaited<ReturnType<typeof withDatabase<number>>>>().toBeNumber();
  });

  test('the types hide the driver’s own client, which sends a query again at each `await` and logs nothing', () => {
    expectTypeOf<HttpDatabase>().not.toHaveProperty('$client');
    expectTypeOf<WebSocketDatabase>().not.toHaveProperty('$client');
  });

  test('unknown options are compile errors', () => {
    expectTypeOf<Parameters<typeof connectHttp>[1]>().toEqualTypeOf<
      | {
          readonly logger?: QueryLogger;
          readonly logSlowerThanMs?: number;
          readonly comment?: StatementComment;
          readonly timeoutMs?: number;
          readonly replicas?: readonly string[];
          readonly fetchEndpoint?: Endpoint;
        }
      | undefined
    >();
    // @ts-expect-error a setting of the pool
    expectTypeOf(connectHttp).toBeCallableWith(url, { connectionsMax: 1 });
  });
});

function emails(rows: { email: string }[]): string[] {
  return rows.map(({ email }) => email);
}

function isReplicas(rows: { email: string }[]): boolean {
  return emails(rows).includes('of-the-replica@example.com');
}

function transactionsOverHttp(db: HttpDatabase): void {
  // @ts-expect-error HTTP has no session
  void db.transaction(async () => {});
  // @ts-expect-error transaction() needs a session too
  void transaction(db, async () => {});
}

type Row = { id: number };

async function rowsOf(db: Database): Promise<Row[]> {
  return (await db.execute<Row>(sql``)).rows;
}

function notesOf(db: Database) {
  return db.query.account.findFirst({ with: { notes: true } });
}
