/** The app's own kinds of error. */
import { testBranch } from '@todo/local-neon/vitest';
import { getTableConfig } from 'drizzle-orm/pg-core';
import { describe, expect, expectTypeOf, test } from 'vitest';

import { connectHttp, DatabaseError } from '../src/index.ts';
import { constraintErrors } from '../src/schema/constraint-errors.ts';
import { todo, user } from '../src/schema/index.ts';

const db = connectHttp((await testBranch()).url);

describe('a violation has the app\u2019s own kind', () => {
  test('a duplicate email address is `email-taken`', async () => {
    const row = { email: 'ada@example.com', hashedPassword: 'h' };
    await db.insert(user).values(row);
    await expect(db.insert(user).values(row)).rejects.toMatchObject({
      kind: 'email-taken',
      message: 'Another user has this e-mail address (idx_user_email_unique).',
      columns: ['email'],
    });
  });

  test('a todo of a missing user is `owner-missing`', async () => {
    const error: unknown = await db
      .insert(todo)
      .values({ title: 'Whose?', userId: 404 })
      .catch((failure: unknown) => failure);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ kind: 'owner-missing', constraint: 'todo_user_id_fkey', columns: ['user_id'] });
  });
});

test('the compiler checks that a switch over the error kinds is complete', () => {
  expect(advice(new DatabaseError('timeout', ''))).toBe('try again');
});

test('each constraint with an error kind is a constraint of the tables', () => {
  const configs = [user, todo].map((table) => getTableConfig(table));
  const indexes = configs.flatMap((table) => table.indexes).map(({ config }) => config.name);
  const foreignKeys = configs.flatMap((table) => table.foreignKeys).map((key) => key.getName());
  const names = [...indexes, ...foreignKeys];
  expect(names).toEqual(expect.arrayContaining(Object.keys(constraintErrors)));
});

function advice({ kind }: DatabaseError): string {
  switch (kind) {
    case 'email-taken':
    case 'owner-missing':
    case 'unique-violation':
    case 'reference-missing':
    case 'not-found':
      return 'tell the user';
    case 'serialization-failure':
    case 'connection':
    case 'timeout':
      return 'try again';
    case 'unknown-outcome':
      return 'look first';
    case 'refused':
      return 'read the code';
    default:
      expectTypeOf(kind).toBeNever();
      return kind;
  }
}
