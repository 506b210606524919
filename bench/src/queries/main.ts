/**
 * `main.js CONTESTANT URL`: reads a `QueryTask` as JSON from each line of standard input, and prints a `Measured` as JSON. Each contestant has
 * its own process, so that its processor time and its compiled code are its own.
 */
import { createInterface } from 'node:readline';

import type { OpenTodoQueries, TodoQueries } from './todo-queries.ts';

export type QueryName = 'list' | 'get' | 'create' | 'complete';

/** Sends a query `count` times, for the todo `id` of a user. */
export interface QueryTask {
  readonly query: QueryName;
  readonly userId: number;
  readonly id: number;
  readonly count: number;
}

export interface Measured {
  /** Microseconds of processor time per query. */
  readonly cpuUs: number;
  /** The last result. */
  readonly result: unknown;
}

const [name = '', url = ''] = process.argv.slice(2);
const { open } = (await import(`./${name}.js`)) as { open: OpenTodoQueries };
const queries = await open(url);
for await (const line of createInterface(process.stdin)) {
  process.stdout.write(`${JSON.stringify(await runQueries(JSON.parse(line) as QueryTask))}\n`);
}
await queries.close();

/** Sends one query after the other: with concurrent queries, shared work would hide the cost of each. */
async function runQueries({ query, userId, id, count }: QueryTask): Promise<Measured> {
  const sendQuery = queryFunction(queries, query, userId, id);
  let result: unknown;
  const before = process.cpuUsage();
  for (let sent = 0; sent < count; sent += 1) result = await sendQuery();
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: (user + system) / count, result };
}

/** The function that sends the query with this name. */
function queryFunction(of: TodoQueries, query: QueryName, userId: number, id: number): () => Promise<unknown> {
  const queryFunctions: Record<QueryName, () => Promise<unknown>> = {
    list: () => of.list(userId),
    get: () => of.get(userId, id),
    create: () => of.create(userId, 'Find a publisher'),
    complete: () => of.complete(userId, id),
  };
  return queryFunctions[query];
}
