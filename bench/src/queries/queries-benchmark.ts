/** One query, sent by each contestant with Neon's driver over WebSocket to one local Neon. */
import { isDeepStrictEqual } from 'node:util';

import type { Benchmark } from '../benchmark.ts';
import { startMigrated } from '../migrated-database.ts';
import type { Contestant, Round } from '../rounds.ts';
import { connectWebSocket, todosOf, users } from '../workspace.ts';
import { type QueryContestant, startQueryContestants } from './contestants.ts';
import type { QueryTask, QueryName } from './main.ts';

/** The largest ratio to the statement written by hand. */
const RATIO_MAX = 1.1;
/** Queries before the first round, enough for all code to be compiled. */
const WARM_UP_COUNT = 2000;
const COUNT = 400;

export function queriesBenchmark(query: QueryName): Benchmark {
  return {
    id: `db-${query}`,
    title: `\`todosOf(db, userId).${query}\`, processor time of the client process`,
    unit: 'µs',
    goal: { of: 'ratio', bound: 'at most', value: RATIO_MAX },
    rounds: 15,
    ratio: ratioToLimit,
    async run(measure, context) {
      await using neon = await startMigrated(context);
      const task: QueryTask = { query, ...(await createTodos(neon.url)), count: COUNT };
      const contestants = await startQueryContestants(neon.url, query, context);
      try {
        await requireSameResults(contestants, task);
        await Promise.all(Object.values(contestants).map(({ runTask }) => runTask({ ...task, count: WARM_UP_COUNT })));
        return await measure(
          Object.fromEntries(
            Object.entries(contestants).map(([name, { runTask }]) => [name, measureCpuTime(runTask, task)]),
          ),
        );
      } finally {
        await Promise.all(Object.values(contestants).map((contestant) => contestant[Symbol.asyncDispose]()));
      }
    },
  };
}

/**
 * The ratio of ours to the statement written by hand (`planned` for a list, otherwise `pg`). If another library is so fast that its time
 * divided by the goal is less, that time counts instead of the time of the statement.
 */
function ratioToLimit({ ours = NaN, pg = NaN, planned = pg, ...others }: Round): number {
  return ours / Math.min(planned, ...Object.values(others).map((other) => other / RATIO_MAX));
}

function measureCpuTime(runTask: QueryContestant['runTask'], task: QueryTask): Contestant {
  return async () => (await runTask(task)).cpuUs;
}

async function createTodos(url: string): Promise<Pick<QueryTask, 'userId' | 'id'>> {
  await using db = connectWebSocket(url);
  const { id: userId } = await users(db).create({ email: 'ada@example.com', hashedPassword: '-' });
  const todos = todosOf(db, userId);
  await todos.createMany(
    Array.from({ length: 100 }, (_, n) => ({ title: `Write note ${n}`, description: 'Of the analytical engine' })),
  );
  const { id } = await todos.create({ title: 'Find a publisher' });
  return { userId, id };
}

/** Throws unless all contestants return the same. To return less would be less work. */
async function requireSameResults(contestants: Record<string, QueryContestant>, task: QueryTask): Promise<void> {
  const results = new Map<string, unknown>();
  for (const [name, { runTask }] of Object.entries(contestants)) {
    const { result } = await runTask({ ...task, count: 1 });
    results.set(name, isRead(task) ? result : JSON.parse(JSON.stringify(result, omitTimeAndId)));
  }
  const [[, expected] = []] = results;
  for (const [name, result] of results) {
    if (!isDeepStrictEqual(result, expected))
      throw new Error(`${name} returned ${JSON.stringify(result)}, not ${JSON.stringify(expected)}`);
  }
}

function isRead({ query }: QueryTask): boolean {
  return query === 'list' || query === 'get';
}

/** Replacer for JSON that leaves out the time and the id, which differ with each write. */
function omitTimeAndId(key: string, value: unknown): unknown {
  return ['id', 'createdAt', 'updatedAt'].includes(key) ? typeof value : value;
}
