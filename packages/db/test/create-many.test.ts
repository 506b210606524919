/** Many todos at once: all of them or none, in order, in bounded memory. */
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
  // With this one it is clear that the two statements before it are full, and they are sent.
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
  test('every kind of source, in its order', async () => {
    for (const source of [Array.from(numbered(12)), numbered(12), new Set(numbered(12)), arriving(12)]) {
      const todos = await newList(db);
      expect(await todos.createMany(source)).toBe(12);
      const titles = (await todos.list({ order: 'oldest' })).todos.map(({ title }) => title);
      expect(titles).toEqual(Array.from(numbered(12), ({ title }) => title));
    }
  });

  test('none are none, and nothing is sent', async () => {
    const todos = await newList(db);
    sent.length = 0;
    expect(await todos.createMany([])).toBe(0);
    expect(sent).toEqual([]);
  });

  test('values arrive as they are', async () => {
    const todos = await newList(db);
    await todos.createMany(ODD);
    const { todos: stored } = await todos.list({ order: 'oldest' });
    expect(stored).toMatchObject(ODD);
  });

  test('a title that is too long refuses all of them', async () => {
    const todos = await newList(db);
    await expect(todos.createMany([{ title: 'fine' }, { title: 'x'.repeat(201) }])).rejects.toMatchObject({
      code: '22001',
    });
    expect(await todos.stats()).toEqual({ total: 0, completed: 0 });
  });
});

describe('more than one statement takes, over WebSocket', () => {
  test('are one transaction', async () => {
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

  test('values of the last of them arrive as they are, too', async () => {
    const todos = await newList(webSocket);
    await todos.createMany([...numbered(10_000), ...ODD]);
    const { todos: last } = await todos.list({ limit: ODD.length });
    expect(last.toReversed()).toMatchObject(ODD);
  });

  test('long texts count as well: a statement stays a few megabytes', async () => {
    const todos = await newList(webSocket);
    sent.length = 0;
    const long = { title: 't', description: 'x'.repeat(700_000) };
    expect(await todos.createMany([long, long, { title: 'u' }])).toBe(3);
    expect(sent.filter((statement) => statement.includes('insert'))).toHaveLength(2);
  });

  test.each([0, 4_999, 5_000, 12_000])('are none when todo %i is refused', async (bad) => {
    const todos = await newList(webSocket);
    const source = function* () {
      for (const [n, todo] of Array.from(numbered(12_001)).entries()) yield n === bad ? { title: 'a\0b' } : todo;
    };
    await expect(todos.createMany(source())).rejects.toMatchObject({ kind: 'refused' });
    expect(await todos.stats()).toEqual({ total: 0, completed: 0 });
  });

  test.each([0, 5_000, 5_001, 10_001])(
    'are none when the source fails after %i, and it hears that it may end',
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

  // Were nobody to wait for the statement, its rejection would end the process.
  test('a source that fails beside a statement that is refused is one error, and the process lives', async () => {
    const todos = await newList(webSocket);
    await expect(todos.createMany(refusedThenFailing())).rejects.toThrow('the file ends here');
    expect(await todos.stats()).toEqual({ total: 0, completed: 0 });
  });

  test('a source is read no further than the todo that is refused needs', async () => {
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

  test('in a transaction that goes on they leave nothing either', async () => {
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
  // Texts that grow on their way: each quote and backslash is escaped for the array, and both again for JSON.
  test.each([
    ['letters', 'a'.repeat(1_000), 9_000],
    ['quotes', '"'.repeat(1_000), 2_400],
    ['four-byte characters', '💥'.repeat(250), 9_000],
  ])('as many as one request holds are sent in one: %s', async (_, description, count) => {
    const todos = await newList(http);
    sent.length = 0;
    expect(await todos.createMany(rows(count, description))).toBe(count);
    expect(sent).toHaveLength(1);
  });

  test.each([
    ['of two long texts the second is one too many', rows(2, 'a'.repeat(6_000_000))],
    ['quotes, which are four bytes each on their way', rows(2_700, '"'.repeat(1_000))],
    ['titles count as well', Array.from({ length: 14_000 }, () => ({ title: '💥'.repeat(200) }))],
  ])('what does not fit is not sent: %s', async (_, many) => {
    const todos = await newList(http);
    sent.length = 0;
    await expect(todos.createMany(many)).rejects.toBeInstanceOf(RequestTooLargeError);
    expect(sent).toEqual([]);
  });

  test('more are refused with the remedy, none is sent, and the source is read no further', async () => {
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
