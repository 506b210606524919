/** A session is one backend while it is open. */
import { testBranch } from '@todo/local-neon/vitest';
import pg from 'pg';
import { expect, expectTypeOf, test } from 'vitest';

import { connectSession, type Session } from '../src/index.ts';
import { query } from './query.ts';

const { url } = await testBranch();

test('a setting stays for the next statement of a session', async () => {
  await using session = await connectSession(url);
  await session.query('create temporary table kept (n int); insert into kept values (1), (2)');
  const { rows } = await session.query('select n from kept where n > $1', [1]);
  expect(rows).toEqual([{ n: 2 }]);
});

test('closing a session releases its locks, and may be done twice', async () => {
  const session = await connectSession(url);
  await session.query('select pg_advisory_lock(42)');
  const tryLock = () => query(url, 'select pg_try_advisory_lock(42) as free').then(([row]) => row?.['free']);
  expect(await tryLock()).toBe(false);
  await Promise.all([session.close(), session.close()]);
  await expect.poll(tryLock).toBe(true);
});

test('after the server ends a session, the next statement is rejected and close() still resolves', async () => {
  const session = await connectSession(url);
  await expect(session.query('select pg_terminate_backend(pg_backend_pid())')).rejects.toMatchObject({ code: '57P01' });
  await expect(session.query('select 1')).rejects.toThrow(/connection/i);
  await session.close();
});

test('an application name with a NUL, or a very long name, is truncated as PostgreSQL truncates it', async () => {
  await using session = await connectSession(url, { applicationName: `a\0b${'x'.repeat(100_000)}` });
  const { rows } = await session.query(`select current_setting('application_name') as name`);
  expect(rows).toEqual([{ name: `ab${'x'.repeat(61)}` }]);
});

test('a refused password gives PostgreSQL’s own error', async () => {
  const wrong = new URL(url);
  wrong.password = 'wrong';
  await expect(connectSession(wrong.href)).rejects.toMatchObject({ code: '28P01' });
});

test('a client of the `pg` package is a Session', () => {
  expectTypeOf<pg.Client>().toExtend<Session>();
});
