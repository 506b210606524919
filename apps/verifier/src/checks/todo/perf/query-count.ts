import { connectHttp, type LoggedQuery } from '@todo/client';
import { todosOf, type TodosOfUser, type Users, users } from '@todo/db/queries';
import { user } from '@todo/db/schema';
import type { PublicUser } from '@todo/db/validators';

import { type Check, type Context, type Finding, guarantee, verdict } from '../../../check.ts';
import { removeTodosOf, withOwnUsers } from '../own-users.ts';

const TODOS = 20;

export const queryCount: Check = {
  id: 'perf/query-count',
  title: 'Each function of the data layer sends one query, for any number of rows',
  method: `Calls every function of @todo/db/queries on a user with ${TODOS} todos and counts queries with the client’s logger.`,
  why: 'A list of 20 rows with a query per row takes 21 round trips.',
  remedy: 'Use a join or `with` instead of a query per row.',
  severity: 'warning',
  mode: 'commits',
  needs: ['connect/http'],
  run: (context) =>
    withOwnUsers(context.http, context, async (email, unusedEmail) => {
      const [owner] = await context.http.insert(user).values({ email, hashedPassword: 'verify' }).returning();
      guarantee(owner !== undefined, { have: 'no row from an insert', want: 'one', follows: ['schema/*'] });
      return verdict(await callAll(owner, unusedEmail, context));
    }),
};

/** Calls every query function once for `owner`, which the last call deletes. Returns the findings of `findTooMany`. */
async function callAll(
  owner: PublicUser,
  unusedEmail: string,
  { database, clientUrl, http, step }: Context,
): Promise<Finding[]> {
  const queries: LoggedQuery[] = [];
  const loggingClient = connectHttp(database, clientUrl, { logger: (query) => void queries.push(query) });
  try {
    const { id } = await todosOf(http, owner.id).create({ title: 'verify' });
    const [todos, all] = [todosOf(loggingClient, owner.id), users(loggingClient)];
    const calls = [
      ...Object.entries(TODO_CALLS).map(([name, call]) => ({ name: `todos.${name}`, run: () => call(todos, id) })),
      ...Object.entries(USER_CALLS).map(([name, call]) => ({
        name: `users.${name}`,
        run: () => call(all, owner, unusedEmail),
      })),
    ];
    return await findTooMany(calls, { queries, step });
  } finally {
    await removeTodosOf(http, owner.id);
  }
}

/** Called in this order on a todo, which the last call deletes. */
const TODO_CALLS: Readonly<Record<keyof TodosOfUser, (todos: TodosOfUser, id: number) => Promise<unknown>>> = {
  create: (todos) => todos.create({ title: 'verify' }),
  createMany: (todos) => todos.createMany(Array.from({ length: TODOS }, () => ({ title: 'verify' }))),
  list: (todos) => todos.list({ limit: TODOS }),
  get: (todos, id) => todos.get(id),
  update: (todos, id) => todos.update(id, { title: 'verified' }),
  complete: (todos, id) => todos.complete(id),
  stats: (todos) => todos.stats(),
  remove: (todos, id) => todos.remove(id),
};

/** Calls on the queries of all users, in this order, with the owner, which the last call deletes. `unusedEmail` belongs to no user. */
const USER_CALLS: Readonly<Record<keyof Users, (all: Users, owner: PublicUser, email: string) => Promise<unknown>>> = {
  create: (all, _, unusedEmail) => all.create({ email: unusedEmail, hashedPassword: 'verify' }),
  byEmail: (all, { email }) => all.byEmail(email),
  byId: (all, { id }) => all.byId(id),
  update: (all, { id }) => all.update(id, { hashedPassword: 'verified' }),
  remove: (all, { id }) => all.remove(id),
};

interface Call {
  readonly name: string;
  readonly run: () => Promise<unknown>;
}

/** A finding for each call that sends another number of queries than one. The logger of the client fills `queries`. */
export async function findTooMany(
  calls: readonly Call[],
  { queries, step }: Pick<Context, 'step'> & { readonly queries: LoggedQuery[] },
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { name, run } of calls) {
    queries.length = 0;
    await run();
    step(`${name}: ${queries.length} queries, ${Math.round(queries[0]?.durationMs ?? 0)} ms`);
    if (queries.length !== 1) findings.push({ have: `${name} ran ${queries.length} queries`, want: 'one' });
  }
  return findings;
}
