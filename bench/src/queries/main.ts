/**
 * `main.js CONTESTANT URL`: reads the query and the number of repetitions, and prints the result in a line. Each contestant has a process, so
 * that processor time and compiled code are measured separately.
 */
import { createInterface } from 'node:readline';

import type { OpenTodoQueries, TodoQueries } from './todo-queries.ts';

export type Question = 'list' | 'get' | 'create' | 'complete';

export interface Order {
  readonly question: Question;
  readonly userId: number;
  readonly id: number;
  readonly count: number;
}

export interface Measured {
  /** Microseconds of processor time per query. */
  readonly cpuUs: number;
  /** The last result. */
  readonly answer: unknown;
}

const [name = '', url = ''] = process.argv.slice(2);
const { open } = (await import(`./${name}.js`)) as { open: OpenTodoQueries };
const queries = await open(url);
for await (const line of createInterface(process.stdin)) {
  process.stdout.write(`${JSON.stringify(await runQueries(JSON.parse(line) as Order))}\n`);
}
await queries.close();

/** Sends one query after the other: with concurrent queries, shared work would hide the cost of each. */
async function runQueries({ question, userId, id, count }: Order): Promise<Measured> {
  const ask = queryFunction(queries, question, userId, id);
  let answer: unknown;
  const before = process.cpuUsage();
  for (let asked = 0; asked < count; asked += 1) answer = await ask();
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: (user + system) / count, answer };
}

function queryFunction(of: TodoQueries, question: Question, userId: number, id: number): () => Promise<unknown> {
  const questions: Record<Question, () => Promise<unknown>> = {
    list: () => of.list(userId),
    get: () => of.get(userId, id),
    create: () => of.create(userId, 'Find a publisher'),
    complete: () => of.complete(userId, id),
  };
  return questions[question];
}
