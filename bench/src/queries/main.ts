/**
 * `main.js CONTESTANT URL`: asks, when told how often and what, and answers with a line. A process for each contestant, so
 * that its processor time is its own, and its compiled code as well.
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

export interface Answered {
  /** Microseconds of processor time, for one. */
  readonly cpuUs: number;
  /** The last answer. */
  readonly answer: unknown;
}

const [name = '', url = ''] = process.argv.slice(2);
const { open } = (await import(`./${name}.js`)) as { open: OpenTodoQueries };
const queries = await open(url);
for await (const line of createInterface(process.stdin)) {
  process.stdout.write(`${JSON.stringify(await carryOut(JSON.parse(line) as Order))}\n`);
}
await queries.close();

/** One after the other: what gathers when many are under way would hide what each costs. */
async function carryOut({ question, userId, id, count }: Order): Promise<Answered> {
  const ask = toAsk(queries, question, userId, id);
  let answer: unknown;
  const before = process.cpuUsage();
  for (let asked = 0; asked < count; asked += 1) answer = await ask();
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: (user + system) / count, answer };
}

function toAsk(of: TodoQueries, question: Question, userId: number, id: number): () => Promise<unknown> {
  const questions: Record<Question, () => Promise<unknown>> = {
    list: () => of.list(userId),
    get: () => of.get(userId, id),
    create: () => of.create(userId, 'Find a publisher'),
    complete: () => of.complete(userId, id),
  };
  return questions[question];
}
