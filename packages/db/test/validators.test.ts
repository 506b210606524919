/** A validator accepts exactly the values that PostgreSQL stores unchanged. */
import { testBranch } from '@todo/local-neon/vitest';
import { eq } from 'drizzle-orm';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, expectTypeOf, test } from 'vitest';
import { z } from 'zod';

import { connectHttp } from '../src/index.ts';
import type { ListOptions } from '../src/queries/index.ts';
import { todo, user } from '../src/schema/index.ts';
import {
  idSchema,
  insertTodoSchema,
  insertUserSchema,
  listOptionsSchema,
  newTodoSchema,
  normalizeEmail,
  type PublicUser,
  publicUserSchema,
  selectTodoSchema,
  selectUserSchema,
  todoPatchSchema,
  updateTodoSchema,
  updateUserSchema,
} from '../src/validators/index.ts';
import { addresses, oddAddresses } from './column-values.ts';
import { storedRows } from './stored-rows.ts';

const { storedTodo, storedUser } = await storedRows();

const { url } = await testBranch();
const db = connectHttp(url);
let userId = 0;
beforeAll(async () => {
  const [owner] = await db.insert(user).values({ email: 'owner@example.com', hashedPassword: 'h' }).returning();
  userId = owner!.id;
});

/** The stored form of a title that skips the validator, or the SQLSTATE of its refusal. */
async function stored(title: string): Promise<string> {
  return db
    .insert(todo)
    .values({ title, userId })
    .returning()
    .then(
      ([row]) => row!.title,
      (error: { code: string }) => error.code,
    );
}

const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

describe('lengths are counted as PostgreSQL counts them, in characters', () => {
  test.each(['a', 'ü', '💥', '👩‍🚀'])('200 of %s', async (character) => {
    const longest = Array.from(character.repeat(200)).slice(0, 200).join('');
    expect(accepts(insertTodoSchema, { title: longest, userId })).toBe(true);
    expect(await stored(longest)).toBe(longest);

    const tooLong = `${longest}x`;
    expect(accepts(insertTodoSchema, { title: tooLong, userId })).toBe(false);
    expect(await stored(tooLong)).toBe('22001');
  });

  test('the column limit of an email address applies in addition to the app’s rules', () => {
    const atLimit = { email: `a@${'x'.repeat(253)}`, hashedPassword: '💥'.repeat(255) };
    expect(accepts(insertUserSchema, atLimit)).toBe(true);
    expect(accepts(insertUserSchema, { ...atLimit, email: `${atLimit.email}x` })).toBe(false);
    expect(accepts(insertUserSchema, { ...atLimit, hashedPassword: `${atLimit.hashedPassword}x` })).toBe(false);
  });
});

describe('text that PostgreSQL cannot store as it is', () => {
  test('U+0000 is refused because PostgreSQL cannot store it', async () => {
    expect(await stored('a\0b')).toBe('22021');
    expect(accepts(insertTodoSchema, { title: 'a\0b', userId })).toBe(false);
    expect(accepts(updateTodoSchema, { description: 'a\0b' })).toBe(false);
    expect(accepts(insertUserSchema, { email: 'a\0@x.com', hashedPassword: 'h' })).toBe(false);
    expect(accepts(updateUserSchema, { hashedPassword: '\0' })).toBe(false);
  });

  test('an unpaired surrogate is refused because another character would be stored', async () => {
    const half = 'a\ud83db';
    expect(await stored(half)).not.toBe(half);
    expect(accepts(insertTodoSchema, { title: half, userId })).toBe(false);
    expect(accepts(insertTodoSchema, { title: 't', description: '\udca5', userId })).toBe(false);
    expect(accepts(insertTodoSchema, { title: '💥', userId })).toBe(true);
  });
});

test.each([
  [2_147_483_647, true],
  [2_147_483_648, false],
  [-2_147_483_648, true],
  [-2_147_483_649, false],
  [1.5, false],
  [Number.NaN, false],
  ['1', false],
])('a user id of %s is accepted as in the column: %s', (id, expected) => {
  expect(accepts(insertTodoSchema, { title: 't', userId: id })).toBe(expected);
});

describe('what belongs to the server cannot be written', () => {
  const newUser = { email: 'a@x.com', hashedPassword: 'h' };
  test.each([{ id: 1 }, { createdAt: new Date() }, { updatedAt: new Date() }, { isAdmin: true }])('%j', (extra) => {
    expect(accepts(insertUserSchema, { ...newUser, ...extra })).toBe(false);
    expect(accepts(updateUserSchema, { ...newUser, ...extra })).toBe(false);
    expect(accepts(insertTodoSchema, { title: 't', userId: 1, ...extra })).toBe(false);
    expect(accepts(updateTodoSchema, { title: 't', ...extra })).toBe(false);
  });
});

test('an owner sends a todo without a user id, which comes from the session', () => {
  expect(newTodoSchema.parse({ title: 't' })).toEqual({ title: 't' });
  expect(accepts(newTodoSchema, { title: 't', userId })).toBe(false);
  expect(todoPatchSchema.parse({ title: 't' })).toEqual({ title: 't' });
  expect(accepts(todoPatchSchema, { title: 't', userId })).toBe(false);
  expect(accepts(todoPatchSchema, {})).toBe(false);
});

test('an update without changes is refused, and an update that empties a column is accepted', () => {
  for (const schema of [updateUserSchema, updateTodoSchema]) expect(accepts(schema, {})).toBe(false);
  expect(accepts(updateTodoSchema, { title: undefined })).toBe(false);
  expect(accepts(updateTodoSchema, { description: null })).toBe(true);
  expect(accepts(updateTodoSchema, { title: null })).toBe(false);
});

describe('an email address', () => {
  test('an email address has one spelling, which is stored and found', async () => {
    const { email, hashedPassword } = insertUserSchema.parse({ email: '  Grace@Example.COM\n', hashedPassword: 'h' });
    expect(email).toBe('grace@example.com');
    await db.insert(user).values({ email, hashedPassword });
    expect(await db.$count(user, eq(user.email, normalizeEmail('GRACE@example.com ')))).toBe(1);
    const again = insertUserSchema.parse({ email: 'gRACE@example.com', hashedPassword: 'h' });
    await expect(db.insert(user).values(again)).rejects.toMatchObject({ constraint: 'idx_user_email_unique' });
    expect(updateUserSchema.parse({ email: 'Ada@Example.com' })).toEqual({ email: 'ada@example.com' });
  });

  test('an email address may be as long as the column, not counting white space around it', () => {
    const email = `a@${'x'.repeat(253)}`;
    expect(insertUserSchema.parse({ email: `   ${email}   `, hashedPassword: 'h' })).toMatchObject({ email });
  });

  test.each(['a@x.com', 'a+tag@x.com', "o'hara@x.com", '用户@例え.jp', 'a..b@x.com', 'a@localhost'])(
    '%s is an email address',
    (email) => {
      expect(accepts(insertUserSchema, { email, hashedPassword: 'h' })).toBe(true);
    },
  );

  test.each([
    '',
    ' ',
    'a',
    '@x.com',
    'a@',
    'a b@x.com',
    'a@x@y.com',
    `${'a'.repeat(65)}@x.com`,
    '"a"@x.com',
    'a,b@x.com',
    'Ada <a@x.com>',
    '<a@x.com>',
    'a\u200b@x.com',
    'a\u202e@x.com',
    'a\u0007@x.com',
    'a@x..com',
    'a@.com',
    'a@x.com.',
    'a@-x.com',
    'a@x-.com',
    'a@x_y.com',
    'a@x%2ecom',
    'a@x/y',
    'a@x:25',
    'a@[127.0.0.1]',
    'a@127.0.0.1',
    'a@0x7f',
    'a@💥.com',
    'a@xn--a.com',
    'a@xn---0x1a',
    'a@xn--b-',
    'a@\u0301x.com',
    'a@\u0085ß.de',
  ])('%j is not an email address', (email) => {
    expect(accepts(insertUserSchema, { email, hashedPassword: 'h' })).toBe(false);
  });

  // The results of email-validator 2.3, which Pydantic's `EmailStr` uses, except that email-validator keeps the case of the local part.
  test.each([
    ['Ada@Example.COM', 'ada@example.com'],
    ['u@xn--bcher-kva.com', 'u@bücher.com'],
    ['u@XN--FSQU00A.xn--0zwm56d', 'u@例子.测试'],
    ['u@Bu\u0308cher.example', 'u@bücher.example'],
    ['u@faß.de', 'u@faß.de'],
    ['u@FAẞ.de', 'u@faß.de'],
    ['u@ΑΣ.gr', 'u@ασ.gr'],
    ['u@İx.com', 'u@i\u0307x.com'],
    ['u@ｅｘａｍｐｌｅ。com', 'u@example.com'],
    ['u@ﬁsh.com', 'u@fish.com'],
    ['u@x㎢.com', 'u@xkm2.com'],
    ['e\u0301@x.com', 'é@x.com'],
  ])('the email address %s becomes %s, with the domain as in EmailStr', (email, spelling) => {
    expect(normalizeEmail(email)).toBe(spelling);
    expect(insertUserSchema.parse({ email, hashedPassword: 'h' }).email).toBe(spelling);
  });

  test('a text that is not an email address is looked up unchanged, in lower case', () => {
    for (const none of ['u@xn--a.com', 'u@xn---0x1a', 'u@xn--xn--bcher-kva-', 'U@[127.0.0.1]', 'nobody']) {
      expect(normalizeEmail(none)).toBe(none.toLowerCase());
    }
  });

  test('normalizing an email address twice changes nothing more', () => {
    fc.assert(
      fc.property(fc.oneof(addresses, oddAddresses), (email) => {
        expect(normalizeEmail(normalizeEmail(email))).toBe(normalizeEmail(email));
      }),
      { numRuns: 2_000 },
    );
  });
});

const messages = (schema: z.ZodType, value: unknown) => z.flattenError(schema.safeParse(value).error!);

describe('a form can show what is wrong, beside each field', () => {
  test('a form can show an error for each field of a new user', () => {
    expect(messages(insertUserSchema, { email: 'nobody', hashedPassword: 'x'.repeat(256), isAdmin: true })).toEqual({
      formErrors: ['Unrecognized key: "isAdmin"'],
      fieldErrors: { email: ['Not an email address'], hashedPassword: ['At most 255 characters'] },
    });
  });

  test('a form can show an error for each field of a new todo', () => {
    expect(messages(insertTodoSchema, { description: 'a\0b', isCompleted: 'yes', userId: 1.5 })).toEqual({
      formErrors: [],
      fieldErrors: {
        title: ['Required'],
        description: ['Text cannot contain the character U+0000'],
        isCompleted: ['Neither true nor false'],
        userId: ['Not a whole number'],
      },
    });
  });

  test('a form can show the error of an update without changes', () => {
    const expected = { formErrors: ['Give at least one column a value'], fieldErrors: {} };
    expect(messages(updateTodoSchema, {})).toEqual(expected);
    expect(messages(updateUserSchema, { email: undefined })).toEqual(expected);
  });
});

describe('a user as others may see them', () => {
  const { hashedPassword: _, ...seen } = storedUser;

  test('the public user schema and its type have no password hash', () => {
    expect(publicUserSchema.parse(JSON.parse(JSON.stringify(seen)))).toEqual(seen);
    expectTypeOf<PublicUser>().toEqualTypeOf<Omit<typeof user.$inferSelect, 'hashedPassword'>>();
  });

  test('the public user schema refuses a row that still has a password hash', () => {
    expect(accepts(publicUserSchema, { ...seen, hashedPassword: 'h' })).toBe(false);
  });
});

describe('a stored row passes', () => {
  test('a stored row is accepted as a query returns it, and as JSON', async () => {
    const [row] = await db.insert(todo).values({ title: 't', userId }).returning();
    expect(selectTodoSchema.parse(row)).toEqual(row);
    expect(selectTodoSchema.parse(JSON.parse(JSON.stringify(row)))).toEqual(row);
    const owner = await db.query.user.findFirst({ where: eq(user.id, userId) });
    expect(selectUserSchema.parse(JSON.parse(JSON.stringify(owner)))).toEqual(owner);
  });

  test('a stored row is accepted with times in PostgreSQL’s JSON form', () => {
    const times = { createdAt: '2026-01-05T09:00:00.123456+00:00', updatedAt: '2026-01-05T11:00:00.123+02:00' };
    const time = new Date('2026-01-05T09:00:00.123Z');
    expect(selectTodoSchema.parse({ ...JSON.parse(JSON.stringify(storedTodo)), ...times })).toMatchObject({
      createdAt: time,
      updatedAt: time,
    });
  });

  test('a stored row is accepted with any time', () => {
    const times = fc.date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(times, (createdAt) => {
        const row = { ...storedTodo, createdAt, updatedAt: createdAt };
        expect(selectTodoSchema.parse(JSON.parse(JSON.stringify(row)))).toEqual(row);
      }),
    );
  });

  test.each([null, 0, '', 'yesterday', '2026-01-05', '2026-02-30T00:00:00Z', new Date(Number.NaN)])(
    'a stored row is refused with %s as its time',
    (time) => {
      expect(accepts(selectUserSchema, { ...storedUser, createdAt: time })).toBe(false);
    },
  );
});

test('the output of a validator is valid input for Drizzle', () => {
  expectTypeOf<z.infer<typeof insertUserSchema>>().toExtend<typeof user.$inferInsert>();
  expectTypeOf<z.infer<typeof insertTodoSchema>>().toExtend<typeof todo.$inferInsert>();
  expectTypeOf<{ title: string; userId: number }>().toExtend<z.infer<typeof insertTodoSchema>>();
  expectTypeOf<{ title: string }>().toExtend<z.infer<typeof newTodoSchema>>();
  expectTypeOf<z.infer<typeof updateUserSchema>>().toExtend<Parameters<ReturnType<typeof updateUser>['set']>[0]>();
  expectTypeOf<z.infer<typeof updateTodoSchema>>().toExtend<Parameters<ReturnType<typeof updateTodo>['set']>[0]>();
  expectTypeOf<z.infer<typeof selectUserSchema>>().toEqualTypeOf<typeof user.$inferSelect>();
  expectTypeOf<z.infer<typeof selectTodoSchema>>().toEqualTypeOf<typeof todo.$inferSelect>();
});

const updateUser = () => db.update(user);
const updateTodo = () => db.update(todo);

test('list accepts the parsed options of a query string', () => {
  const query = Object.fromEntries(new URLSearchParams('limit=5&isCompleted=true&order=oldest'));
  const options: ListOptions = listOptionsSchema.parse(query);
  expect(options).toEqual({ limit: 5, isCompleted: true, order: 'oldest' });
  expect(listOptionsSchema.safeParse({ limit: '0' }).success).toBe(false);
  expect(idSchema.parse('7') satisfies number).toBe(7);
});
