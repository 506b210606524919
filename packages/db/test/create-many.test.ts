/** createMany stores many todos: all or none, in order, in bounded memory. */
import { testBranch } from '@todo/local-neon/vitest';
import { afterAll, describe, expect, test } from 'vitest';

import { connectHttp, connectWebSocket } from '../src/index.ts';
import { type Queryable, RequestTooLargeError, type TodosOfUser, todosOf, users } from '../src/queries/index.ts';
import type { NewTodo } from '../src/validators/index.ts';

const { url } = await testBranch();
const sent: string[] = [];
const logger = ({ statement }: { statement: string }) => void sent.push(statement);
const http = connectHttp(url, { logger });
const webSocket = connectWebSocket(url, { logger });
afterAll(() => webSocket.close());

let owners = 0;
async function newList(db: Queryable): Promise<TodosOfUser> {
  const { id } = await users(db).create({ email: `owner${(owners += 1)}@example.com`, hashedPassword: 'h' });
  return todosOf(db, id);
}

function* numbered(count: number): Generator<NewTodo> {
  for (let n = 0; n < count; n++) yield { title: `${n}` };
}

async function* arriving(count: number): AsyncGenerator<NewTodo> {
  for (const todo of numbered(count)) yield await Promise.resolve(todo);
}

function* refusedThenFailing(): Generator<NewTodo> {
  yield* numbered(9_999);
  yield { title: 'x'.repeat(201) };
  // This todo makes it clear that the two statements before it are full. They are then sent.
  yield { title: 'the last' };
  throw new Error('the file ends here');
}

const ODD: NewTodo[] = [
  { title: '{"a",NULL}', description: 'NULL', isCompleted: false },
  { title: '', description: '' },
  { title: 'a\\b"c\'d\n\t💥', description: null, isCompleted: true },
  { title: '💥'.repeat(200), description: '{}' },
  { title: ' ', description: '\\N' },
];

describe.each([
  ['HTTP', http],
  ['WebSocket', webSocket],
])('over %s', (_, db) => {
  test('createMany accepts every kind of source and keeps its order', async () => {
    for (const source of [Array.from(numbered(12)), numbered(12), new Set(numbered(12)), arriving(12)]) {
      const todos = await newList(db);
      expect(await todos.createMany(source)).toBe(12);
      const titles = (await todos.list({ order: 'oldest' })).todos.map(({ title }) => title);
      expect(titles).toEqual(Array.from(numbered(12), ({ title }) => title));
    }
  });

  test('createMany of an empty source returns 0 and sends nothing', async () => {
    const todos = await newList(db);
    sent.length = 0;
    expect(await todos.createMany([])).toBe(0);
    expect(sent).toEqual([]);
  });

  test('createMany stores values unchanged', async () => {
    const todos = await newList(db);
    await todos.createMany(ODD);
    const { todos: stored } = await todos.list({ order: 'oldest' });
    expect(stored).toMatchObject(ODD);
  });

  test('a title that is too long refuses all todos', async () => {
    const todos = await newList(db);
    await expect(todos.createMany([{ title: 'fine' }, { title: 'x'.repeat(201) }])).rejects.toMatchObject({
      code: '22001',
    });
    expect(await todos.stats()).toEqual({ total: 0, completed: 0 });
  });
});

describe('more than one statement takes, over WebSocket', () => {
  test('over WebSocket, todos above the size of one statement are one transaction', async () => {
    const todos = await newList(webSocket);
    sent.length = 0;
    expect(await todos.createMany(arriving(12_001))).toBe(12_001);
    expect(sent.map((statement) => statement.trim().split(/\s/, 1)[0])).toEqual([
      'begin',
      'insert',
      'insert',
      'insert',
      'commit',
    ]);
    expect(await todos.stats()).toEqual({ total: 12_001, completed: 0 });
    const { todos: last } = await todos.list({ limit: 2 });
    expect(last.map(({ title }) => title)).toEqual(['12000', '11999']);
  });

  test('values in the last statement are stored unchanged', async () => {
    const todos = await newList(webSocket);
    await todos.createMany([...numbered(10_000), ...ODD]);
    const { todos: last } = await todos.list({ limit: ODD.length });
    expect(last.toReversed()).toMatchObject(ODD);
  });

  test('long texts count towards the size of a statement, so a statement has only a few megabytes', async () => {
    const todos = await newList(webSocket);
    sent.length = 0;
    const long = { title: 't', description: 'x'.repeat(700_000) };
    expect(await todos.createMany([long, long, { title: 'u' }])).toBe(3);
    expect(sent.filter((statement) => statement.includes('insert'))).toHaveLength(2);
  });

  test.each([0, 4_999, 5_000, 12_000])('no todo is stored when todo %i is refused', async (bad) => {
    const todos = await newList(webSocket);
    const source = function* () {
      for (const [n, todo] of Array.from(numbered(12_001)).entries()) yield n === bad ? { title: 'a\0b' } : todo;
    };
    await expect(todos.createMany(source())).rejects.toMatchObject({ kind: 'refused' });
    expect(await todos.stats()).toEqual({ total: 0, completed: 0 });
  });

  test.each([0, 5_000, 5_001, 10_001])(
    'no todo is stored when the source fails after %i todos, and the source is closed',
    async (count) => {
      const todos = await newList(webSocket);
      let hasEnded = false;
      const source = function* () {
        try {
          yield* numbered(count);
          throw new Error('the file ends here');
        } finally {
          hasEnded = true;
        }
      };
      await expect(todos.createMany(source())).rejects.toThrow('the file ends here');
      expect(hasEnded).toBe(true);
      expect(await todos.stats()).toEqual({ total: 0, completed: 0 });
    },
  );

  // Without a handler, the rejected statement would end the process.
  test('a failing source beside a refused statement gives one error, and the process survives', async () => {
    const todos = await newList(webSocket);
    await expect(todos.createMany(refusedThenFailing())).rejects.toThrow('the file ends here');
    expect(await todos.stats()).toEqual({ total: 0, completed: 0 });
  });

  test('the source is read only as far as the refused todo', async () => {
    const todos = await newList(webSocket);
    let read = 0;
    let hasEnded = false;
    const endless = function* () {
      try {
        for (;;) yield { title: (read += 1) === 10 ? 'x'.repeat(201) : 't' };
      } finally {
        hasEnded = true;
      }
    };
    await expect(todos.createMany(endless())).rejects.toMatchObject({ code: '22001' });
    expect(read).toBeLessThanOrEqual(15_001);
    expect(hasEnded).toBe(true);
  });

  test('a failed createMany in a continuing transaction stores nothing', async () => {
    await webSocket.transaction(async (tx) => {
      const todos = await newList(tx);
      const source = [...numbered(5_000), { title: 'x'.repeat(201) }];
      await expect(todos.createMany(source)).rejects.toMatchObject({ code: '22001' });
      expect(await todos.stats()).toEqual({ total: 0, completed: 0 });
      expect(await todos.createMany(numbered(5_001))).toBe(5_001);
      expect(await todos.stats()).toEqual({ total: 5_001, completed: 0 });
    });
  });
});

const rows = (count: number, description: string) => Array.from({ length: count }, () => ({ title: 't', description }));

describe('over HTTP', () => {
  // Quotes and backslashes grow on the way: they are escaped for the array, and again for JSON.
  test.each([
    ['letters', 'a'.repeat(1_000), 9_000],
    ['quotes', '"'.repeat(1_000), 2_400],
    ['four-byte characters', '💥'.repeat(250), 9_000],
  ])('todos that fit one HTTP request are sent in one request: %s', async (_, description, count) => {
    const todos = await newList(http);
    sent.length = 0;
    expect(await todos.createMany(rows(count, description))).toBe(count);
    expect(sent).toHaveLength(1);
  });

  test.each([
    ['two long texts', rows(2, 'a'.repeat(6_000_000))],
    ['quotes, which become four bytes each', rows(2_700, '"'.repeat(1_000))],
    ['long titles', Array.from({ length: 14_000 }, () => ({ title: '💥'.repeat(200) }))],
  ])('todos that do not fit one HTTP request are not sent: %s', async (_, many) => {
    const todos = await newList(http);
    sent.length = 0;
    await expect(todos.createMany(many)).rejects.toBeInstanceOf(RequestTooLargeError);
    expect(sent).toEqual([]);
  });

  test('todos above one HTTP request are refused with a remedy, none is sent, and reading stops', async () => {
    const todos = await newList(http);
    sent.length = 0;
    let read = 0;
    const endless = function* () {
      for (;;) {
        read += 1;
        yield { title: 't', description: 'a'.repeat(1_000) };
      }
    };
    const refused = todos.createMany(endless());
    await expect(refused).rejects.toBeInstanceOf(RequestTooLargeError);
    await expect(refused).rejects.toMatchObject({
      code: 'REQUEST_TOO_LARGE',
      message: expect.stringContaining('connectWebSocket'),
    });
    expect(sent).toEqual([]);
    expect(read).toBeLessThan(22_000);
  });
});
