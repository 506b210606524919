import { neon } from '@neondatabase/serverless';
import { expect, onTestFinished, test } from 'vitest';

import { testBranch } from '../src/vitest.ts';
import { connectTcp } from './connect.ts';

const branch = await testBranch();

function neonAs(user: string, password: string) {
  const url = new URL(branch.url);
  url.username = user;
  url.password = password;
  return neon(url.href);
}

test('a changed password counts from the next request on, also when requests follow each other closely', async () => {
  const client = await connectTcp(branch.url);
  await client.query(`create role hurried login password '0'`);
  for (let password = 0; password < 5; password += 1) {
    const sql = neonAs('hurried', String(password));
    let isChanged = false;
    /** Sends requests until one was sent after the change, and returns its outcome. */
    const lane = async (): Promise<unknown> => {
      for (;;) {
        const isAfterwards = isChanged;
        const outcome = await sql`select 1`.catch((error: { code?: string }) => error.code);
        if (isAfterwards) return outcome;
      }
    };
    const lanes = Array.from({ length: 4 }, lane);
    await sql`select 1`;
    await client.query(`alter role hurried password '${password + 1}'`);
    isChanged = true;
    expect(await Promise.all(lanes)).toEqual(['28P01', '28P01', '28P01', '28P01']);
  }
  await client.query('drop role hurried');
  await client.close();
});

test('a changed password counts from the next request on, also when requests of another role follow each other closely', async () => {
  const client = await connectTcp(branch.url);
  await client.query(`create role calm login password '0'; create role busy login password 'busy'`);
  const over = new AbortController();
  onTestFinished(() => over.abort());
  const lane = async (): Promise<void> => {
    while (!over.signal.aborted) await neonAs('busy', 'busy')`select 1`;
  };
  const lanes = [lane(), lane()];
  for (let password = 0; password < 3; password += 1) {
    const sql = neonAs('calm', String(password));
    expect(await sql`select 1 as n`).toEqual([{ n: 1 }]);
    await client.query(`alter role calm password '${password + 1}'`);
    for (let times = 0; times < 5; times += 1) await expect(sql`select 1`).rejects.toMatchObject({ code: '28P01' });
  }
  over.abort();
  await Promise.all(lanes);
  await client.query('drop role calm, busy');
  await client.close();
});

test('while a change of a role is not committed, the old password counts and no request waits', async () => {
  const client = await connectTcp(branch.url);
  await client.query(`create role pending login password 'old'`);
  await client.query('begin');
  await client.query(`alter role pending password 'new'`);
  const old = neonAs('pending', 'old');
  for (let times = 0; times < 5; times += 1) expect(await old`select 1 as n`).toEqual([{ n: 1 }]);
  await client.query('commit');
  await expect(old`select 1`).rejects.toMatchObject({ code: '28P01' });
  expect(await neonAs('pending', 'new')`select 1 as n`).toEqual([{ n: 1 }]);
  await client.query('drop role pending');
  await client.close();
});

/** The backend that serves the role, whose name and oid must be right. */
async function serving(password: string): Promise<unknown> {
  const [row] = await neonAs('lasting', password)`select pg_backend_pid() as pid, current_user::text as role`;
  expect(row?.role).toBe('lasting');
  return row?.pid;
}

test('an idle session is used after a password change, but not for a role that was dropped and created again', async () => {
  const client = await connectTcp(branch.url);
  await client.query(`create role lasting login password '0'`);
  let version = 0;
  let first: unknown;
  // Repeat when the session has ended between two requests by its idle timeout.
  await expect
    .poll(async () => {
      first = await serving(`${version}`);
      await client.query(`alter role lasting password '${++version}'`);
      return (await serving(`${version}`)) === first;
    })
    .toBe(true);
  await client.query('drop role lasting');
  await expect(serving(`${version}`)).rejects.toMatchObject({ code: '28P01' });
  await client.query(`create role lasting login password 'another'`);
  expect(await serving('another')).not.toBe(first);
  await client.query('drop role lasting');
  await client.close();
});
