/** The queries, over each transport and in a transaction: one round trip each, the documented SQL, and one owner. */
import { readFile } from 'node:fs/promises';

import { testBranch } from '@todo/local-neon/vitest';
import { getTableColumns } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { afterAll, describe, expect, expectTypeOf, test } from 'vitest';

import { connectHttp, connectWebSocket } from '../src/index.ts';
import { PageOptionError, type Queryable, type TodosOfUser, todosOf, type Users, users } from '../src/queries/index.ts';
import { todo, user } from '../src/schema/index.ts';
import type { NewTodo, PublicUser, TodoPatch, User } from '../src/validators/index.ts';
import { query } from './query.ts';

const { url } = await testBranch();
const sent: string[] = [];
const logger = ({ statement }: { statement: string }) => void sent.push(statement);
const http = connectHttp(url, { logger });
const webSocket = connectWebSocket(url, { logger });
afterAll(() => webSocket.close());

type Work = (db: Queryable) => Promise<void>;
const PLACES = {
  HTTP: (work: Work) => work(http),
  WebSocket: (work: Work) => work(webSocket),
  'a transaction': (work: Work) => webSocket.transaction(work),
};

let addresses = 0;
const newUser = (db: Queryable) =>
  users(db).create({ email: `owner${(addresses += 1)}@example.com`, hashedPassword: '$hash$' });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'fine',
    (error: { kind?: string; code?: string }) => error.kind ?? error.code,
  );

const kindOf = (within: (work: Work) => Promise<void>, work: (db: Queryable) => Promise<unknown>) =>
  codeOf(within(async (db) => void (await work(db))));

describe.each(Object.entries(PLACES))('over %s', (place, within) => {
  test('a todo is created, read, changed, completed, counted and removed', () =>
    within(async (db) => {
      const todos = todosOf(db, (await newUser(db)).id);
      const made = await todos.create({ title: 'Write the notes' });
      expect(made).toMatchObject({ title: 'Write the notes', description: null, isCompleted: false });
      expect(made.createdAt).toBeInstanceOf(Date);
      expect(await todos.get(made.id)).toEqual(made);

      expect(await todos.update(made.id, { description: 'A to G' })).toMatchObject({
        title: 'Write the notes',
        description: 'A to G',
      });
      expect(await todos.complete(made.id)).toMatchObject({ description: 'A to G', isCompleted: true });
      expect(await todos.update(made.id, { description: null, isCompleted: false, title: '' })).toMatchObject({
        title: '',
        description: null,
        isCompleted: false,
      });
      await todos.complete(made.id);
      await todos.create({ title: 'Second', description: '', isCompleted: false });
      expect(await todos.stats()).toEqual({ total: 2, completed: 1 });

      await todos.remove(made.id);
      expect(await todos.get(made.id)).toBeUndefined();
      expect(await todos.stats()).toEqual({ total: 1, completed: 0 });
    }));

  test('every function treats the todo of another user as missing', () =>
    within(async (db) => {
      const [ada, eve] = [await newUser(db), await newUser(db)];
      const { id } = await todosOf(db, ada.id).create({ title: 'Ada’s' });
      const eves = todosOf(db, eve.id);
      expect(await eves.get(id)).toBeUndefined();
      expect(await codeOf(eves.update(id, { title: 'Eve’s' }))).toBe('not-found');
      expect(await codeOf(eves.complete(id))).toBe('not-found');
      expect(await codeOf(eves.remove(id))).toBe('not-found');
      expect(await eves.list()).toEqual({ todos: [], nextCursor: undefined });
      expect(await eves.stats()).toEqual({ total: 0, completed: 0 });
      // No type allows this, but a request may contain it.
      const smuggled = { title: 'Eve’s', userId: ada.id } as NewTodo;
      expect(await codeOf(eves.create(smuggled))).toBe('COLUMN_REFUSED');
      expect(await codeOf(eves.createMany([{ title: 'Eve’s' }, smuggled]))).toBe('COLUMN_REFUSED');
      const { id: own } = await eves.create({ title: 'Eve’s' });
      expect(await codeOf(eves.update(own, { title: 'x', userId: ada.id } as TodoPatch))).toBe('COLUMN_REFUSED');
      expect((await todosOf(db, ada.id).list()).todos).toMatchObject([{ id, title: 'Ada’s', isCompleted: false }]);
      expect((await eves.list()).todos).toMatchObject([{ id: own, title: 'Eve’s', userId: eve.id }]);
    }));

  test('pages follow each other without a gap, in both orders, and with a filter', () =>
    within(async (db) => {
      const todos = todosOf(db, (await newUser(db)).id);
      await todos.createMany(Array.from({ length: 25 }, (_, n) => ({ title: `${n}`, isCompleted: n % 5 === 0 })));
      const titles = async (options: Parameters<TodosOfUser['list']>[0]) => {
        const pages: string[][] = [];
        let cursor: string | undefined;
        do {
          const page = await todos.list({ ...options, cursor });
          pages.push(page.todos.map(({ title }) => title));
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        return pages;
      };
      const numbers = Array.from({ length: 25 }, (_, n) => `${n}`);
      expect(await titles({ limit: 10, order: 'oldest' })).toEqual([
        numbers.slice(0, 10),
        numbers.slice(10, 20),
        numbers.slice(20),
      ]);
      expect((await titles({ limit: 5 })).flat()).toEqual(numbers.toReversed());
      expect(await titles({})).toHaveLength(2);
      expect(await titles({ limit: 25 })).toHaveLength(1);
      expect(await titles({ isCompleted: true, limit: 2 })).toEqual([['20', '15'], ['10', '5'], ['0']]);
      expect((await titles({ isCompleted: false, limit: 7 })).flat()).toHaveLength(20);
    }));

  test('a user is created, found by any spelling of the address, changed and removed, and their hash is not returned', () =>
    within(async (db) => {
      const email = `Ada.${place.length}@Bücher.example`;
      const spelling = email.toLowerCase();
      const made = await users(db).create({ email: ` ${email} `, hashedPassword: '$hash$' });
      expect(made).not.toHaveProperty('hashedPassword');
      expect(made.email).toBe(spelling);
      expect(await users(db).byEmail(email.replace('Bücher', 'XN--BCHER-KVA'))).toEqual(made);
      expect(await users(db).byId(made.id)).toEqual(made);
      expect(await users(db).byEmail(email, { hashedPassword: true })).toEqual({ ...made, hashedPassword: '$hash$' });
      expect(await users(db).byEmail('nobody@example.com')).toBeUndefined();

      const changed = await users(db).update(made.id, { email: `new-${email}` });
      expect(changed).toEqual({ ...made, email: `new-${spelling}`, updatedAt: changed.updatedAt });
      await users(db).update(made.id, { hashedPassword: '$other$' });
      expect(await users(db).byEmail(`new-${email}`, { hashedPassword: true })).toMatchObject({
        hashedPassword: '$other$',
      });

      await todosOf(db, made.id).create({ title: 'goes as well' });
      await users(db).remove(made.id);
      expect(await users(db).byId(made.id)).toBeUndefined();
      expect(await todosOf(db, made.id).stats()).toEqual({ total: 0, completed: 0 });
      expect(await codeOf(users(db).remove(made.id))).toBe('not-found');
      expect(await codeOf(users(db).update(made.id, { email }))).toBe('not-found');
    }));

  test('a taken address and a missing owner have error kinds of their own', async () => {
    const taken = { email: `taken${place.length}@example.com`, hashedPassword: 'h' };
    await users(http).create(taken);
    expect(await kindOf(within, (db) => users(db).create({ ...taken, email: ` ${taken.email.toUpperCase()}` }))).toBe(
      'email-taken',
    );
    expect(await kindOf(within, async (db) => users(db).update((await newUser(db)).id, taken))).toBe('email-taken');
    expect(await kindOf(within, (db) => todosOf(db, -1).create({ title: 't' }))).toBe('owner-missing');
    expect(await kindOf(within, (db) => todosOf(db, -1).createMany([{ title: 't' }]))).toBe('owner-missing');
    expect(await kindOf(within, (db) => todosOf(db, -1).list({ limit: 0 }))).toBe('PAGE_OPTION_INVALID');
  });
});

const plain = (statement: string) => statement.replaceAll(/\s+/g, ' ').trim();

/**
 * A statement with columns in place of `…`: the `returned` columns; in an insert all columns of `table`, with parameters for the `given`
 * columns.
 */
function complete(statement: string, table: PgTable, given: readonly string[], returned: readonly string[]): string {
  const columns = Object.values(getTableColumns(table)).map(({ name }) => name);
  const values = columns.map((name) => (given.includes(name) ? `$${given.indexOf(name) + 1}` : 'default'));
  return statement
    .replace('(…) values (…)', `(${columns.map(quoted).join(', ')}) values (${values.join(', ')})`)
    .replace('…', returned.map(quoted).join(', '));
}
const quoted = (name: string) => `"${name}"`;
const failing = (promise: Promise<unknown>) => promise.catch(() => {});

describe('the documented statement of each function is the only statement that the function sends', () => {
  interface Call {
    /** The columns with a value in a new row, in the order of the table. */
    readonly given?: readonly string[];
    readonly run: (db: Queryable, owner: PublicUser) => Promise<unknown>;
  }
  const calls: Record<string, readonly Call[]> = {
    'users.create': [
      {
        given: ['email', 'hashed_password'],
        run: (db) => users(db).create({ email: `s${Math.random()}@example.com`, hashedPassword: 'h' }),
      },
    ],
    'users.byEmail': [
      { run: (db) => users(db).byEmail('a@b.c') },
      { run: (db) => users(db).byEmail('a@b.c', { hashedPassword: true }) },
    ],
    'users.byId': [{ run: (db) => users(db).byId(1) }],
    'users.update': [{ run: (db, { id }) => users(db).update(id, { email: `s${Math.random()}@example.com` }) }],
    'users.remove': [{ run: (db) => failing(users(db).remove(-1)) }],
    'todos.create': [{ given: ['title', 'user_id'], run: (db, { id }) => todosOf(db, id).create({ title: 't' }) }],
    'todos.createMany': [
      { run: (db, { id }) => todosOf(db, id).createMany([{ title: 't', description: 'd' }, { title: 'u' }]) },
      { run: (db, { id }) => todosOf(db, id).createMany([{ title: 't', isCompleted: true }, { title: 'u' }]) },
    ],
    'todos.list': [
      { run: (db, { id }) => todosOf(db, id).list() },
      {
        run: async (db, { id }) => {
          const cursor = await cursorOf(id);
          await todosOf(db, id).list({ order: 'oldest', isCompleted: true, cursor });
        },
      },
    ],
    'todos.get': [{ run: (db, { id }) => todosOf(db, id).get(1) }],
    'todos.update': [{ run: (db, { id }) => failing(todosOf(db, id).update(-1, { title: 't', description: null })) }],
    'todos.complete': [{ run: (db, { id }) => failing(todosOf(db, id).complete(-1)) }],
    'todos.remove': [{ run: (db, { id }) => failing(todosOf(db, id).remove(-1)) }],
    'todos.stats': [{ run: (db, { id }) => todosOf(db, id).stats() }],
  };
  const unobserved = connectHttp(url);
  const cursorOf = async (id: number) => {
    await todosOf(unobserved, id).createMany([{ title: 'a' }, { title: 'b' }]);
    return (await todosOf(unobserved, id).list({ order: 'oldest', limit: 1 })).nextCursor;
  };

  test.each(Object.entries(calls))('%s', async (name, callsOfIt) => {
    const [file, method] = name.split('.');
    const source = await readFile(new URL(`../src/queries/${file}.ts`, import.meta.url), 'utf8');
    // The doc comment directly before the method.
    const [, comment = ''] = new RegExp(String.raw`/\*\*((?:(?!\*/)[^])*)\*/\s+${method}\(`).exec(source) ?? [];
    const written = [...comment.matchAll(/```sql\n([^]*?)```/g)].map(([, sql = '']) =>
      plain(sql.replaceAll(/^ *\* ?/gm, '')),
    );
    const table = file === 'users' ? user : todo;
    const returned = Object.values<PgColumn>(getTableColumns(table))
      .filter((column) => column !== user.hashedPassword)
      .map((column) => column.name);
    const expected = written.map((statement, index) =>
      complete(statement, table, callsOfIt[index]?.given ?? [], returned),
    );
    expect(expected).not.toEqual([]);
    const owner = await newUser(http);
    for (const db of [http, webSocket]) {
      sent.length = 0;
      for (const { run } of callsOfIt) await run(db, owner);
      expect(sent.map(plain)).toEqual(expected);
    }
  });

  test('every function has a documented statement', () => {
    const names = [
      ...Object.keys(users(http)).map((key) => `users.${key}`),
      ...Object.keys(todosOf(http, 1)).map((key) => `todos.${key}`),
    ];
    expect(Object.keys(calls).toSorted()).toEqual(names.toSorted());
  });
});

test('an update without changes is refused before anything is sent', async () => {
  sent.length = 0;
  await expect(todosOf(http, 1).update(1, {})).rejects.toBeInstanceOf(TypeError);
  await expect(todosOf(http, 1).update(1, { title: undefined })).rejects.toBeInstanceOf(TypeError);
  await expect(users(http).update(1, {})).rejects.toThrow('Give at least one column a value');
  expect(sent).toEqual([]);
});

test('an impossible id of a todo or user finds nothing, and nothing is sent', async () => {
  const { id: owner } = await newUser(http);
  sent.length = 0;
  for (const id of [Number.NaN, 1.5, 2 ** 31, -(2 ** 31) - 1, Number.POSITIVE_INFINITY, '1' as unknown as number]) {
    expect(await todosOf(http, owner).get(id)).toBeUndefined();
    expect(await codeOf(todosOf(http, owner).update(id, { title: 't' }))).toBe('not-found');
    expect(await codeOf(todosOf(http, owner).complete(id))).toBe('not-found');
    expect(await codeOf(todosOf(http, owner).remove(id))).toBe('not-found');
    expect(await users(http).byId(id)).toBeUndefined();
    expect(await codeOf(users(http).update(id, { hashedPassword: 'h' }))).toBe('not-found');
    expect(await codeOf(users(http).remove(id))).toBe('not-found');
    const nobodys = todosOf(http, id);
    expect(await nobodys.list()).toEqual({ todos: [], nextCursor: undefined });
    expect(await nobodys.stats()).toEqual({ total: 0, completed: 0 });
    expect(await nobodys.get(1)).toBeUndefined();
    expect(await codeOf(nobodys.create({ title: 't' }))).toBe('owner-missing');
    expect(await codeOf(nobodys.createMany([{ title: 't' }]))).toBe('owner-missing');
  }
  expect(await users(http).byEmail('a\0@example.com')).toBeUndefined();
  expect(sent).toEqual([]);
});

test('a page has 1 to 1000 todos, in one of two orders', async () => {
  sent.length = 0;
  for (const limit of [0, -1, 1.5, 1_001, Number.NaN]) {
    await expect(todosOf(http, 1).list({ limit })).rejects.toBeInstanceOf(PageOptionError);
  }
  for (const order of ['', '__proto__', 'toString']) {
    await expect(todosOf(http, 1).list({ order: order as 'newest' })).rejects.toBeInstanceOf(PageOptionError);
  }
  await expect(todosOf(http, 1).list({ isCompleted: 'no' as unknown as boolean })).rejects.toBeInstanceOf(
    PageOptionError,
  );
  expect(sent).toEqual([]);
});

test('a list includes the smallest and the largest id of PostgreSQL', async () => {
  const { id } = await newUser(http);
  const edges = [2_147_483_647, -2_147_483_648];
  for (const edge of edges) await query(url, `insert into todo (id, title, user_id) values (${edge}, 't', ${id})`);
  for (const [order, expected] of [['newest', edges] as const, ['oldest', edges.toReversed()] as const]) {
    const first = await todosOf(http, id).list({ order, limit: 1 });
    const second = await todosOf(http, id).list({ order, limit: 1, cursor: first.nextCursor });
    expect([...first.todos, ...second.todos].map((found) => found.id)).toEqual(expected);
  }
});

describe('reads go to a replica, writes to the primary', () => {
  test.each([
    ['HTTP', connectHttp],
    ['WebSocket', connectWebSocket],
  ])('over %s', async (_, connect) => {
    // A replica that never catches up shows where a query went.
    const { url: replica } = await testBranch();
    const db = connect(url, { replicas: [replica] });
    const owner = await newUser(db);
    const made = await todosOf(db, owner.id).create({ title: 't' });
    expect(await users(db).byId(owner.id)).toBeUndefined();
    expect(await users(db).byEmail(owner.email)).toBeUndefined();
    expect(await todosOf(db, owner.id).get(made.id)).toBeUndefined();
    expect(await todosOf(db, owner.id).stats()).toEqual({ total: 0, completed: 0 });
    expect((await todosOf(db, owner.id).list()).todos).toEqual([]);
    expect(await todosOf(db.primary, owner.id).get(made.id)).toEqual(made);
    expect(await todosOf(db, owner.id).complete(made.id)).toMatchObject({ isCompleted: true });
    if ('close' in db) await db.close();
  });
});

test('reads are spread over several replicas', async () => {
  const replicas = await Promise.all([testBranch(), testBranch()]);
  for (const [index, replica] of replicas.entries()) {
    await query(replica.url, `insert into "user" (email, hashed_password) values ('reader@example.com', '${index}')`);
  }
  const db = connectHttp(url, { replicas: replicas.map((replica) => replica.url) });
  const seen = new Set<string | undefined>();
  const read = async () => {
    seen.add((await users(db).byEmail('reader@example.com', { hashedPassword: true }))?.hashedPassword);
    return seen;
  };
  await expect.poll(read, { interval: 1 }).toEqual(new Set(['0', '1']));
});

test('prepared statements still work after a migration changes a column', async () => {
  const { url: own } = await testBranch();
  await using db = connectWebSocket(own, { connectionsMax: 1 });
  const owner = await newUser(db);
  const { id } = await todosOf(db, owner.id).create({ title: 't' });
  await todosOf(db, owner.id).get(id);
  await query(own, 'alter table todo alter column title type varchar(300)');
  expect(await todosOf(db, owner.id).get(id)).toMatchObject({ title: 't' });
  // In a transaction the error appears once: PostgreSQL runs no further statement in that transaction.
  await query(own, 'alter table todo alter column title type varchar(400)');
  const inTransaction = () => db.transaction((tx) => todosOf(tx, owner.id).get(id));
  await expect(inTransaction()).rejects.toMatchObject({ kind: 'refused', code: '0A000' });
  expect(await inTransaction()).toMatchObject({ title: 't' });
});

test('over WebSocket, statements are prepared once for each connection, and each page is planned again', async () => {
  const db = connectWebSocket(url);
  const owner = await newUser(db);
  await db.transaction(async (tx) => {
    for (let n = 0; n < 3; n++) await todosOf(tx, owner.id).get(n);
    await todosOf(tx, owner.id).list();
    const { rows } = await tx.execute<{ name: string }>(
      `select name from pg_prepared_statements where name not like 'user%'`,
    );
    expect(rows).toEqual([{ name: expect.stringMatching(/^todo_get_\d+_\d+$/) }]);
  });
  await db.close();
});

test('types require the owner first, and only one type has the password hash', () => {
  expectTypeOf(todosOf).parameter(1).toEqualTypeOf<number>();
  expectTypeOf<Parameters<TodosOfUser['create']>[0]>().not.toHaveProperty('userId');
  expectTypeOf<Parameters<TodosOfUser['update']>[1]>().not.toHaveProperty('userId');
  expectTypeOf<ReturnType<Users['byId']>>().resolves.toEqualTypeOf<PublicUser | undefined>();
  expectTypeOf((all: Users) => all.byEmail('', { hashedPassword: true })).returns.resolves.toEqualTypeOf<
    User | undefined
  >();
  expectTypeOf((all: Users) => all.byEmail('')).returns.resolves.toEqualTypeOf<PublicUser | undefined>();
  expectTypeOf<typeof user.$inferSelect>().toEqualTypeOf<User>();
  expectTypeOf<typeof todo.$inferSelect>().toExtend<Awaited<ReturnType<TodosOfUser['create']>>>();
});
