import { testBranch } from '@todo/local-neon/vitest';
import { user } from '@todo/db/schema';
import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';

import type { Context } from '../src/check.ts';
import { openContext } from '../src/open-context.ts';
import { execute, fingerprint } from './database.ts';
import { targetOf } from './prove.ts';

/** A read as it looks, and a write as it is. */
const DISGUISED = 'select write_a_user()';

const SOMEBODY = { email: 'a@b.cc', hashedPassword: '' };

describe('what checks are given where nothing may be written', () => {
  let url: string;
  let context: Context;
  let before: unknown;

  beforeAll(async () => {
    ({ url } = await testBranch());
    await execute(
      url,
      `create function write_a_user() returns void language sql as
         $$ insert into "user" (email, hashed_password) values ('a@b.cc', '') $$`,
    );
    before = await fingerprint(url);
    const { contextFor } = await openContext(targetOf(url, url, false));
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
  ])('refuses a write before it is sent: in %s', async (_, write) => {
    await expect(write()).rejects.toMatchObject({ name: 'WriteRefused' });
    expect(await fingerprint(url)).toEqual(before);
  });

  it.each<[what: string, write: () => Promise<unknown>]>([
    ['a session', () => context.read((session) => session.query(DISGUISED))],
    ['a transaction', () => context.websocket.transaction(async (tx) => void (await tx.execute(DISGUISED)))],
  ])('has the server refuse what the guard cannot see: in %s', async (_, write) => {
    await expect(write()).rejects.toMatchObject({ code: '25006' });
    expect(await fingerprint(url)).toEqual(before);
  });

  it('reads all the same, and never for long', async () => {
    const limits = await context.read(async (session) => {
      const { rows } = await session.query(
        `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`,
      );
      return rows;
    });
    expect(limits).toEqual([{ statement: '15s', lock: '5s' }]);
    expect(await context.http.batch([context.http.select().from(user)])).toEqual([[]]);
    expect(await context.websocket.transaction((tx) => tx.select().from(user))).toEqual([]);
  });
});
