/** Compares every validator with PostgreSQL, on 21,000 generated values in each run. */
import { testBranch } from '@todo/local-neon/vitest';
import * as fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';

import { connectHttp, connectWebSocket, type DatabaseError } from '../src/index.ts';
import { todo, user } from '../src/schema/index.ts';
import { insertTodoSchema, updateTodoSchema } from '../src/validators/index.ts';
import { AGREEMENTS, disagreement } from './agreement.ts';
import { columnJudge, type Verdict } from './column-verdicts.ts';

// A database of its own, so that no existing row conflicts with a generated id.
const { url: judged } = await testBranch();
const judge = await columnJudge(judged);
afterAll(() => judge[Symbol.asyncDispose]());

describe('a value is accepted if and only if PostgreSQL stores it unchanged', () => {
  test.each(AGREEMENTS.map((agreement) => [agreement.name, agreement] as const))('%s', async (_, agreement) => {
    expect(await disagreement(judge, agreement, 1_500)).toBeUndefined();
  });
});

const { url } = await testBranch();
const http = connectHttp(url);
const webSocket = connectWebSocket(url);
afterAll(() => webSocket.close());
const [owner] = await http.insert(user).values({ email: 'whole@example.com', hashedPassword: 'h' }).returning();

describe.each(['HTTP', 'WebSocket'])('over %s, Drizzle reads the same value as PostgreSQL stored', (transport) => {
  const insert = (row: typeof todo.$inferInsert) =>
    transport === 'HTTP' ? http.insert(todo).values(row).returning() : webSocket.insert(todo).values(row).returning();

  test.each(['title', 'userId', 'createdAt'] as const)('%s', async (key) => {
    const { column, values } = AGREEMENTS.find(({ name }) => name === `todo.${key}`)!;
    const some = fc.sample(values, 30);
    const one = async (value: unknown): Promise<Verdict> => {
      try {
        const row = { title: 't', userId: owner!.id, [key]: value } as typeof todo.$inferInsert;
        const [stored] = await insert(row);
        return { stored: stored![key] };
      } catch (error) {
        const { code } = error as Partial<DatabaseError>;
        // No user has this id, but the column accepted it.
        if (code === '23503') return { stored: value === 0 ? 0 : value };
        return { refused: code ?? UNSENT };
      }
    };
    const verdicts = await judge.judge(column, some);
    // JSON, the format of a request, stores an unpaired surrogate as another character or refuses it.
    const expected = verdicts.map((verdict, index) => {
      const value = some[index];
      const isUnsayable = transport === 'HTTP' && typeof value === 'string' && !value.isWellFormed();
      // A time that JavaScript cannot serialize is refused before it is sent.
      const isUnsent = 'refused' in verdict && verdict.refused.startsWith('RangeError');
      return isUnsayable || isUnsent ? { refused: UNSENT } : verdict;
    });
    expect(await Promise.all(some.map(one))).toEqual(expected);
  });
});

/** Refused before PostgreSQL received it. */
const UNSENT = 'not sent';

describe('a whole todo', () => {
  const wild = fc.dictionary(
    fc.oneof(
      fc.constantFrom('title', 'description', 'isCompleted', 'userId', 'id', 'createdAt'),
      fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'Title', ''),
    ),
    fc.oneof(fc.constantFrom('t', '', null, true, 1, undefined), fc.jsonValue()),
    { maxKeys: 6 },
  );
  const written = ['description', 'isCompleted', 'title', 'userId'];

  test('an accepted todo has only the keys of the schema, whatever was sent', () => {
    fc.assert(
      fc.property(wild, fc.boolean(), (sent, isJson) => {
        const input: unknown = isJson ? JSON.parse(JSON.stringify(sent)) : sent;
        for (const schema of [insertTodoSchema, updateTodoSchema]) {
          const { success, data } = schema.safeParse(input);
          if (!success) continue;
          expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
          expect(written).toEqual(expect.arrayContaining(Object.keys(data)));
          expect(Object.keys(input as object).filter((key) => !written.includes(key))).toEqual([]);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('an accepted todo is stored, whichever columns it has', async () => {
    const column = {
      title: fc.constantFrom('t', '', null, undefined),
      description: fc.constantFrom('d', '', null, undefined),
      isCompleted: fc.constantFrom(true, false, null, undefined),
      userId: fc.constantFrom(owner!.id, null, undefined),
    };
    const some = fc.sample(fc.record(column, { requiredKeys: [] }), 100);
    await Promise.all(
      some.map(async (sent) => {
        const isAccepted = insertTodoSchema.safeParse(sent).success;
        const isStored = await http
          .insert(todo)
          .values(sent as typeof todo.$inferInsert)
          .then(
            () => true,
            () => false,
          );
        expect({ sent, isStored }).toEqual({ sent, isStored: isAccepted });
      }),
    );
  });
});

test('a disagreement is reported with the smallest value that shows it', async () => {
  const [title] = AGREEMENTS;
  const loosened = { ...title!, accepts: [(value: unknown) => !(value as string).includes('\0')] };
  const report = await disagreement(judge, loosened, 1_500, 1);
  expect(report).toMatch(/Property failed[^]*Counterexample: \["(?:.*\\ud83d|.*\\udca5|a{201}).*"\][^]*PostgreSQL/);
});
