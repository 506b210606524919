/** Comments in sqlcommenter's format: what PostgreSQL gets, that no value ends one, and that statements stay prepared. */
import { testBranch } from '@todo/local-neon/vitest';
import { sql } from 'drizzle-orm';
import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';

import { type StatementComment, transaction } from '../src/index.ts';
import { type CommentTags, sqlComment } from '../src/sql-comment.ts';
import { accountById, connectHttp, connectWebSocket, type Database } from './fixture/app.ts';
import { account } from './fixture/schema.ts';

const { url } = await testBranch();

interface Options {
  readonly comment?: StatementComment;
  readonly connectionsMax?: number;
}

const connectPool = (options: Options) => {
  const db = connectWebSocket(url, options);
  onTestFinished(() => db.close());
  return db;
};

const transports: Record<string, (options: Options) => Database> = {
  'over HTTP': (options) => connectHttp(url, options),
  'over WebSocket': connectPool,
};

const commented = (tags: CommentTags, statement = 'select 1') => sqlComment(() => tags)(statement);

describe('the format', () => {
  test('keys are sorted, keys and values are URL-encoded, quotes are escaped', () => {
    const tags = { traceparent: '00-1-2-01', route: '/todos/:id', 'a key': "it's 100 %", b: undefined };
    expect(commented(tags)).toBe(
      String.raw`select 1 /*a%20key='it\'s%20100%20%25',route='%2Ftodos%2F%3Aid',traceparent='00-1-2-01'*/`,
    );
  });

  test('the comment is before the semicolon of the statement', () => {
    expect(commented({ route: 'r' }, 'select 1 ;\n')).toBe("select 1 /*route='r'*/;");
  });

  test.each(['select 1 /* one */', 'select 1 -- one', "select '--'"])('%j stays as it is', (statement) => {
    expect(commented({ route: 'r' }, statement)).toBe(statement);
  });

  test('a statement may contain many spaces', () => {
    const statement = `select 1${' '.repeat(200_000)}as one`;
    // With a regular expression this takes longer than the time limit of a test.
    expect(commented({ route: 'r' }, statement)).toBe(`${statement} /*route='r'*/`);
  });

  test('only the white space of PostgreSQL is removed from the end', () => {
    expect(commented({ route: 'r' }, 'select 1 as \u00A0 \t')).toBe("select 1 as \u00A0 /*route='r'*/");
  });

  test('without a value there is no comment', () => {
    expect(commented({ route: undefined })).toBe('select 1');
  });
});

const HOSTILE = [
  '*/',
  '/*',
  "'",
  "\\'",
  ';',
  '--',
  '\n',
  '\0',
  '\\',
  '%2A%2F',
  '$1',
  '*/ drop table note; /*',
  '\uD800',
];
const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary' })))
  .map((parts) => parts.join(''));
const hostileTags = fc.dictionary(hostileText, hostileText, { minKeys: 1, maxKeys: 4 });

function read(part = ''): string {
  return decodeURIComponent(part.replaceAll(String.raw`\'`, "'"));
}

function wellFormed(part: string): string {
  return part.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}

test('no value can end the comment, and a reader gets each value back', () => {
  fc.assert(
    fc.property(hostileTags, (tags) => {
      const text = commented(tags);
      expect(text).toMatch(/^select 1 \/\*[^/\n\0]*\*\/$/);
      // A quote within a value is escaped.
      const pairs = [...text.slice('select 1 /*'.length, -2).matchAll(/([^=]*)='((?:[^'\\]|\\')*)',?/g)];
      const expected = Object.entries(tags).map((pair) => pair.map((part) => wellFormed(part)));
      const found = pairs.map(([, key, value]) => [read(key), read(value)]);
      expect(found).toHaveLength(expected.length);
      expect(new Set(found.map(String))).toEqual(new Set(expected.map(String)));
    }),
    { numRuns: 1000 },
  );
});

describe.each(Object.entries(transports))('%s', (name, connect) => {
  test('PostgreSQL runs a statement with any comment as the same statement', async () => {
    let tags: CommentTags = {};
    const db = connect({ comment: sqlComment(() => tags) });
    const shown = async () => {
      const { rows } = await db.execute<{ query: string; one: number }>(
        sql`select ${1}::integer as one, query from pg_stat_activity where pid = pg_backend_pid()`,
      );
      return rows;
    };
    await fc.assert(
      fc.asyncProperty(hostileTags, async (hostile) => {
        tags = hostile;
        const [row, ...others] = await shown();
        expect(others).toEqual([]);
        expect(row?.one).toBe(1);
        // PostgreSQL shows at most 1,023 bytes.
        expect(row?.query.slice(0, 1000)).toBe(
          commented(
            hostile,
            'select $1::integer as one, query from pg_stat_activity where pid = pg_backend_pid()',
          ).slice(0, 1000),
        );
      }),
      { numRuns: 30 },
    );
  });

  test('the comment is created when the statement is sent, once for each', async () => {
    let calls = 0;
    const db = connect({ comment: sqlComment(() => ({ n: `${(calls += 1)}` })) });
    await db.execute(sql`select 1`);
    expect(calls).toBe(1);
    await db
      .insert(account)
      .values({ email: `${name.slice(5)}@example.com`, secret: 'h' })
      .returning();
    expect(calls).toBe(2);
  });
});

test('each statement of a batch and of a transaction has the comment', async () => {
  const query = sql`select query from pg_stat_activity where pid = pg_backend_pid()`;
  const comment = sqlComment(() => ({ route: 'r' }));
  const http = connectHttp(url, { comment });
  const [{ rows: first }, { rows: second }] = await http.batch([http.execute(query), http.execute(query)]);
  const inTransaction = await transaction(connectPool({ comment }), async (tx) => (await tx.execute(query)).rows);
  for (const [row] of [first, second, inTransaction]) expect(row?.['query']).toMatch(/ \/\*route='r'\*\/$/);
});

test('named statements stay prepared, however many comments there are', async () => {
  let request = 0;
  const db = connectPool({ connectionsMax: 1, comment: sqlComment(() => ({ traceparent: `00-${request}` })) });
  const prepared = async () => {
    const { rows } = await db.execute(
      sql`select name, statement, generic_plans + custom_plans as runs from pg_prepared_statements`,
    );
    return rows;
  };
  await accountById(db, 1);
  const [once, ...others] = await prepared();
  expect(others).toEqual([]);
  for (request = 1; request <= 50; request += 1) {
    await accountById(db, request);
    await db.select({ id: account.id }).from(account);
  }
  expect(await prepared()).toEqual([{ ...once, runs: '51' }]);
});

test.each(Object.entries(transports))('%s, a comment before the statement does not hide COPY', async (_, connect) => {
  const db = connect({ comment: (statement) => `/* app */ ${statement}` });
  await expect(db.execute('copy account to stdout')).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringMatching(/Nothing was sent/),
  });
});

test.each(Object.entries(transports))('%s, a comment that is not a text is ignored', async (_, connect) => {
  const db = connect({ comment: (() => undefined) as unknown as StatementComment });
  expect((await db.execute<{ one: number }>(sql`select 1 as one`)).rows).toEqual([{ one: 1 }]);
});
