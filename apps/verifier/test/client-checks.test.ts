/** Checks find clients, pools and queries of the application that do not behave as promised. */
import type { HttpDatabase, LoggedQuery, WebSocketDatabase } from '@todo/client';
import { connectHttp, connectWebSocket } from '@todo/db';
import { todosOf, users } from '@todo/db/queries';
import { todo, user } from '@todo/db/schema';
import { testBranch } from '@todo/local-neon/vitest';
import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import { Client } from 'pg';
import { describe, expect, it } from 'vitest';

import { errorMapping } from '../src/checks/behave/error-mapping.ts';
import { transaction } from '../src/checks/behave/transaction.ts';
import { websocket as connectWebSocketCheck } from '../src/checks/connect/websocket.ts';
import { exhaustPool, loseConnection } from '../src/checks/pool/exhaustion-recovery.ts';
import { testIsolation } from '../src/checks/todo/behave/user-isolation.ts';
import { findTooMany } from '../src/checks/todo/perf/query-count.ts';
import { runAlone } from './run-alone.ts';

describe('a client that behaves differently', () => {
  it('is found when a transaction uses more than one backend connection', async () => {
    const result = await runAlone(connectWebSocketCheck, ({ websocket, http }) => {
      let turn = 0;
      const scattered = { execute: (query: string) => [websocket, http][(turn += 1) % 2]?.execute(query) };
      return { websocket: { ...scattered, transaction: (work: Work) => work(scattered) } };
    });
    expect(result.findings?.[0]).toMatchObject({ want: 'one backend', fix: expect.stringContaining('npm ls') });
  });

  it('is found when a batch is not one transaction', async () => {
    const result = await runAlone(transaction, ({ http, websocket }) => ({ http: inSequence(http), websocket }));
    expect(result.findings?.[0]?.have).toBe('the 3 statements of a batch ran in 3 transactions');
  });

  it('is found when a transaction does not roll back', async () => {
    const result = await runAlone(transaction, ({ websocket }) => ({ websocket: { transaction: keeping(websocket) } }));
    expect(result.findings?.[0]?.have).toBe('after an error inside a transaction: the transaction is committed');
  });

  it('is found when a savepoint does not roll back', async () => {
    const result = await runAlone(transaction, ({ websocket }) => ({
      websocket: { transaction: (work: Work) => websocket.transaction(async (tx) => await work(inOne(tx))) },
    }));
    expect(result.findings?.[0]?.have).toBe(
      'after an error inside a savepoint: the change made inside the savepoint is still visible',
    );
  });

  it('is found when it offers transactions over HTTP that are not atomic', async () => {
    const result = await runAlone(transaction, ({ http, websocket }) => ({
      websocket,
      http: inOne(http),
    }));
    expect(result.findings?.[0]?.have).toBe('a transaction over HTTP: two transactions');
  });

  it('is found when it passes on the driver’s errors, which contain the parameters', async () => {
    const client = new Client((await testBranch()).url);
    await client.connect();
    const result = await runAlone(errorMapping, () => ({ websocket: drizzle(client) }));
    await client.end();
    expect(result.findings?.map(({ have }) => have)).toEqual(
      expect.arrayContaining([
        'a second row of user with the same email: an error named Error, not a DatabaseError',
        'a second row of user with the same email: the error contains a value that was sent',
      ]),
    );
  });
});

describe('a pool that behaves differently', () => {
  it('is found when it has no limit of connections', async () => {
    const { url } = await testBranch();
    await using pool = connectWebSocket(url, { connectionsMax: 3 });
    expect(await exhaustPool(pool)).toEqual([
      { have: 'a third query to the full pool: accepted', want: 'an error of kind timeout' },
    ]);
  });

  it('is found when its error for a full pool has another text', async () => {
    const { url } = await testBranch();
    await using pool = connectWebSocket(url);
    const elsewhere = connectHttp(url.replace(/[^/]*$/, 'nope'));
    const odd = { transaction: pool.transaction.bind(pool), execute: elsewhere.execute.bind(elsewhere) };
    // The fake has only the members of a pool that the check uses.
    expect(await exhaustPool(odd as unknown as WebSocketDatabase)).toEqual([
      { have: 'a third query to the full pool: connection, 3D000', want: 'an error of kind timeout' },
    ]);
  });

  it('is found when it does not replace a connection that was closed', async () => {
    const { url } = await testBranch();
    await using other = connectWebSocket(url);
    const client = new Client(url);
    client.on('error', () => {});
    await client.connect();
    // Drizzle over a single connection that is never replaced.
    const pool = drizzle(client) as unknown as WebSocketDatabase;
    expect(await loseConnection(pool, other)).toEqual([
      { have: 'an error at the first query after a lost connection', want: 'a result' },
    ]);
  });
});

describe('an application query that behaves differently', () => {
  it('is found when it does not filter by the owner of the todo', async () => {
    const { url } = await testBranch();
    const db = connectHttp(url);
    const found = await testIsolation(
      db,
      { run: 1 },
      {
        get: async (_, id) => (await db.select().from(todo).where(eq(todo.id, id)))[0],
        rename: async (_, id) => void (await db.update(todo).set({ title: 'taken' }).where(eq(todo.id, id))),
        list: async (theirs) => (await theirs.list()).todos[0],
      },
    );
    expect(found.map(({ have }) => have)).toEqual([
      'get reaches the todo of another user',
      'rename reaches the todo of another user',
    ]);
    expect(await db.select().from(user)).toEqual([]);
  });

  it('is found when it runs one query per row', async () => {
    const { url } = await testBranch();
    const queries: LoggedQuery[] = [];
    const db = connectHttp(url, { logger: (query) => void queries.push(query) });
    const { id } = await users(db).create({ email: 'ada@example.com', hashedPassword: 'x' });
    const todos = todosOf(db, id);
    await todos.createMany([{ title: 'one' }, { title: 'two' }]);
    const listOneByOne = async () => {
      for (const { id: each } of (await todos.list()).todos) await todos.get(each);
    };
    const calls = [
      { name: 'list', run: () => todos.list() },
      { name: 'listOneByOne', run: listOneByOne },
    ];
    expect(await findTooMany(calls, { queries, step: () => {} })).toEqual([
      { have: 'listOneByOne ran 3 queries', want: 'one' },
    ]);
  });
});

type Work = (tx: unknown) => unknown;

/** A client whose transactions commit although their callback throws. */
function keeping(websocket: WebSocketDatabase) {
  return async (work: Work) => {
    let failure: unknown;
    const result = await websocket.transaction(async (tx) => {
      try {
        return await work(tx);
      } catch (error) {
        failure = error;
        return undefined;
      }
    });
    if (failure !== undefined) throw failure;
    return result;
  };
}

/** A client or a transaction whose nested transactions are no transactions. */
function inOne(tx: object): unknown {
  return new Proxy(tx, {
    get: (target, name) => (name === 'transaction' ? (work: Work) => work(target) : Reflect.get(target, name)),
  });
}

/** A client whose batch sends its queries one after the other. */
function inSequence(http: HttpDatabase): unknown {
  return new Proxy(http, {
    get: (target, name: keyof HttpDatabase | 'batch') => (name === 'batch' ? oneByOne : target[name]),
  });
}

async function oneByOne(queries: Promise<unknown>[]): Promise<unknown[]> {
  const results: unknown[] = [];
  for (const query of queries) results.push(await query);
  return results;
}
