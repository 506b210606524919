/** One query, sent by each contestant with Neon's driver over WebSocket to one local Neon. */
import { isDeepStrictEqual } from 'node:util';

import type { Benchmark } from '../benchmark.ts';
import { startMigrated } from '../migrated-database.ts';
import type { Contestant, Round } from '../rounds.ts';
import { connectWebSocket, todosOf, users } from '../workspace.ts';
import { type QueryContestant, startQueryContestants } from './contestants.ts';
import type { Order, Question } from './main.ts';

/** The largest ratio to the statement written by hand. */
const RATIO_MAX = 1.1;
/** Queries before the first round, enough for all code to be compiled. */
const WARM_UP_COUNT = 2000;
const COUNT = 400;

export function queriesBenchmark(question: Question): Benchmark {
  return {
    id: `db-${question}`,
    title: `\`todosOf(db, userId).${question}\`, processor time of the process that asks`,
    unit: 'µs',
    goal: { of: 'ratio', bound: 'at most', value: RATIO_MAX },
    rounds: 15,
    ratio: ratioToLimit,
    async run(measure, context) {
      await using neon = await startMigrated(context);
      const order: Order = { question, ...(await createTodos(neon.url)), count: COUNT };
      const contestants = await startQueryContestants(neon.url, question, context);
      try {
        await requireSameResults(contestants, order);
        await Promise.all(Object.values(contestants).map(({ ask }) => ask({ ...order, count: WARM_UP_COUNT })));
        return await measure(
          Object.fromEntries(Object.entries(contestants).map(([name, { ask }]) => [name, measureCpuTime(ask, order)])),
        );
      } finally {
        await Promise.all(Object.values(contestants).map((contestant) => contestant[Symbol.asyncDispose]()));
      }
    },
  };
}

/**
 * The ratio of ours to the same statement written by hand (`planned` for a list, otherwise `pg`); or to the fastest other library, if one is
 * closer to the statement than the goal.
 */
function ratioToLimit({ ours = NaN, pg = NaN, planned = pg, ...others }: Round): number {
  return ours / Math.min(planned, ...Object.values(others).map((other) => other / RATIO_MAX));
}

function measureCpuTime(ask: QueryContestant['ask'], order: Order): Contestant {
  return async () => (await ask(order)).cpuUs;
}

async function createTodos(url: string): Promise<Pick<Order, 'userId' | 'id'>> {
  await using db = connectWebSocket(url);
  const { id: userId } = await users(db).create({ email: 'ada@example.com', hashedPassword: '-' });
  const todos = todosOf(db, userId);
  await todos.createMany(
    Array.from({ length: 100 }, (_, n) => ({ title: `Write note ${n}`, description: 'Of the analytical engine' })),
  );
  const { id } = await todos.create({ title: 'Find a publisher' });
  return { userId, id };
}

/** All contestants must return the same: returning less would be less work. */
async function requireSameResults(contestants: Record<string, QueryContestant>, order: Order): Promise<void> {
  const answers = new Map<string, unknown>();
  for (const [name, { ask }] of Object.entries(contestants)) {
    const { answer } = await ask({ ...order, count: 1 });
    answers.set(name, isRead(order) ? answer : JSON.parse(JSON.stringify(answer, omitTimeAndId)));
  }
  const [[, expected] = []] = answers;
  for (const [name, answer] of answers) {
    if (!isDeepStrictEqual(answer, expected))
      throw new Error(`${name} answers ${JSON.stringify(answer)}, not ${JSON.stringify(expected)}`);
  }
}

function isRead({ question }: Order): boolean {
  return question === 'list' || question === 'get';
}

/** Replacer for JSON that leaves out the time and the id, which differ with each write. */
function omitTimeAndId(key: string, value: unknown): unknown {
  return ['id', 'createdAt', 'updatedAt'].includes(key) ? typeof value : value;
}
