import { beforeAll, describe, expect, test } from 'vitest';

import { testBranch } from '../src/vitest.ts';
import { type Connection, connectTcp } from './connect.ts';
import { createPost } from './post.ts';

const branch = await testBranch();
const role = branch.name;

/** `POST /sql` as the role, with this password: 200, or the SQLSTATE. */
async function enter(password: string): Promise<unknown> {
  const url = new URL(branch.url);
  url.username = role;
  url.password = password;
  const { status, body } = await createPost(url.href)({ query: 'select 1' });
  return status === 200 ? status : body.code;
}

const REFUSED = '28P01';

let admin: Connection;
beforeAll(async () => {
  admin = await connectTcp(branch.url);
  await admin.query(`create role ${role} login password 'first'`);
});

test('wrong passwords are refused while the right one is accepted, at the same time and with idle sessions', async () => {
  // More refusals than requests can run at once.
  const passwords = Array.from({ length: 54 }, (_, index) => (index % 3 === 0 ? 'first' : 'wrong'));
  for (let round = 0; round < 3; round += 1) {
    const outcomes = await Promise.all(passwords.map(enter));
    expect(outcomes).toEqual(passwords.map((password) => (password === 'first' ? 200 : REFUSED)));
  }
});

describe('a role that was accepted a moment ago is refused', () => {
  test.each([
    ['when it may no longer log in', 'nologin', 'login'],
    ['when its password has expired', `valid until '2020-02-03'`, `valid until 'infinity'`],
    ['when its password was taken away', 'password null', `password 'first'`],
  ])('%s', async (_, change, back) => {
    await admin.query(`alter role ${role} password 'first'`);
    expect(await enter('first')).toBe(200);
    await admin.query(`alter role ${role} ${change}`);
    expect(await enter('first')).toMatch(/^28/);
    await admin.query(`alter role ${role} ${back}`);
    expect(await enter('first')).toBe(200);
  });

  test('when it was dropped', async () => {
    await admin.query(`drop role ${role}`);
    expect(await enter('first')).toBe(REFUSED);
    await admin.query(`create role ${role} login password 'first'`);
    expect(await enter('first')).toBe(200);
  });
});
