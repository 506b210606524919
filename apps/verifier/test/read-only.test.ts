import { testBranch } from '@todo/local-neon/vitest';
import { todo, user } from '@todo/db/schema';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';

import { app } from '../src/app.ts';
import type { Context } from '../src/check.ts';
import { ownEmail } from '../src/checks/todo/own-rows.ts';
import { openContext } from '../src/open-context.ts';
import { execute, fingerprint } from './database.ts';
import { targetOf } from './prove.ts';

/** A SELECT that writes. */
const DISGUISED = 'select write_a_user()';

const SOMEBODY = { email: 'a@b.cc', hashedPassword: '' };

describe('a read-only client of a check', () => {
  let url: string;
  let context: Context;
  let before: unknown;

  beforeAll(async () => {
    ({ url } = await testBranch());
    await execute(
      url,
      `create function write_a_user() returns void language sql as
         $$ insert into "user" (email, hashed_password) values ('a@b.cc', '') $$`,
      // A session must stay open for the whole run, although the database sets idle_session_timeout.
      `do $$ begin execute format('alter database %I set idle_session_timeout = 60000', current_database()); end $$`,
    );
    before = await fingerprint(url);
    const { contextFor } = await openContext(app, targetOf(url, url, false));
    context = contextFor({ step: () => {}, show: () => {} });
  });

  it.each<[what: string, write: () => Promise<unknown>]>([
    ['a session', () => context.read((session) => session.query('delete from todo'))],
    ['HTTP', async () => await context.http.insert(user).values(SOMEBODY)],
    ['HTTP, as text', async () => await context.http.execute(sql`delete from todo`)],
    ['a batch', async () => await context.http.batch([context.http.select().from(user), context.http.delete(user)])],
    ['WebSocket', async () => await context.websocket.insert(user).values(SOMEBODY)],
    ['a transaction', () => context.websocket.transaction(async (tx) => void (await tx.delete(user)))],
    [
      'a savepoint',
      () => context.websocket.transaction((tx) => tx.transaction(async (inner) => void (await inner.delete(user)))),
    ],
  ])('refuses a write before sending it: in %s', async (_, write) => {
    await expect(write()).rejects.toMatchObject({ name: 'WriteRefused' });
    expect(await fingerprint(url)).toEqual(before);
  });

  it.each<[what: string, write: () => Promise<unknown>]>([
    ['a session', () => context.read((session) => session.query(DISGUISED))],
    ['a transaction', () => context.websocket.transaction(async (tx) => void (await tx.execute(DISGUISED)))],
  ])('passes a write that the guard cannot see to the server, which refuses it: in %s', async (_, write) => {
    await expect(write()).rejects.toMatchObject({ code: '25006' });
    expect(await fingerprint(url)).toEqual(before);
  });

  it('can read, and each query has a time limit', async () => {
    const limits = await context.read(async (session) => {
      const { rows } = await session.query(
        `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
           current_setting('idle_in_transaction_session_timeout') as transaction, current_setting('idle_session_timeout') as idle`,
      );
      return rows;
    });
    expect(limits).toEqual([{ statement: '15s', lock: '5s', transaction: '1min', idle: '0' }]);
    expect(await context.http.batch([context.http.select().from(user)])).toEqual([[]]);
    expect(await context.websocket.transaction((tx) => tx.select().from(user))).toEqual([]);
  });

  it('reuses a session after work that succeeded, and not after work that failed', async () => {
    const backend = () => context.read(async (session) => (await session.query('select pg_backend_pid() as pid')).rows);
    const [first, second] = [await backend(), await backend()];
    expect(second).toEqual(first);
    const failed = context.read((session) => session.query('begin; select nope'));
    await expect(failed).rejects.toMatchObject({ code: '42703' });
    expect(await backend()).not.toEqual(first);
  });
});

describe('the end of a run', () => {
  it('closes every session, and removes rows that a check left', async () => {
    const { url } = await testBranch();
    const { contextFor, prepareToWrite, close } = await openContext(app, targetOf(url, url));
    const context = contextFor({ step: () => {}, show: () => {} });
    await prepareToWrite();
    // Without ON DELETE CASCADE, deleting the user does not delete the todos.
    await execute(url, 'alter table todo drop constraint todo_user_id_fkey');
    const left = { id: 7, email: ownEmail(context), hashedPassword: '' };
    await context.websocket.insert(user).values(left);
    await context.websocket.insert(todo).values({ title: 'left', userId: left.id });
    await context.read((session) => session.query('select 1'));
    expect(await close()).toBe(true);
    expect(await execute(url, 'select email from "user" union all select title from todo')).toEqual([]);
    const others = `select application_name, query from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;
    await expect.poll(() => execute(url, others)).toEqual([]);
  });
});
