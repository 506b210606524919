import { isDeepStrictEqual } from 'node:util';

import { DatabaseError, type HttpDatabase } from '@todo/client';
import { todosOf, type TodosOfUser } from '@todo/db/queries';
import { todo, user } from '@todo/db/schema';
import { eq } from 'drizzle-orm';

import { type Check, type Context, type Finding, verdict } from '../../../check.ts';
import { withOwnUsers } from '../own-users.ts';

/** Calls a query as another user, with the id of the victim's todo. Undefined if that user gets no todo. */
type Attempt = (asOtherUser: TodosOfUser, id: number) => Promise<unknown>;

type ExistingTodoQuery = Exclude<keyof TodosOfUser, 'create' | 'createMany'>;

/** Each query that reads or changes an existing todo. None may find the todo of the victim. */
const ATTEMPTS: Readonly<Record<ExistingTodoQuery, Attempt>> = {
  get: (asOtherUser, id) => asOtherUser.get(id),
  update: (asOtherUser, id) => asOtherUser.update(id, { title: 'taken' }),
  complete: (asOtherUser, id) => asOtherUser.complete(id),
  remove: (asOtherUser, id) => asOtherUser.remove(id),
  list: async (asOtherUser) => (await asOtherUser.list()).todos[0],
  stats: async (asOtherUser) => ((await asOtherUser.stats()).total === 0 ? undefined : 'todos of another user'),
};

export const userIsolation: Check = {
  id: 'behave/user-isolation',
  title: 'No user can read or change the todos of another user',
  method: 'Calls each query of @todo/db/queries as one user with the todo of another, then compares that todo.',
  why: 'Anyone who guesses an id can read, change or delete the todo of another user.',
  remedy: 'Add the user’s id to the WHERE of the query in packages/db/src/queries.',
  mode: 'commits',
  needs: ['connect/http'],
  run: async ({ http, run }) => verdict(await testIsolation(http, { run }, ATTEMPTS)),
};

/** Runs the attempts. Returns a finding for each one that reads or changes the todo. */
export async function testIsolation(
  db: HttpDatabase,
  context: Pick<Context, 'run'>,
  attempts: Readonly<Record<string, Attempt>>,
): Promise<Finding[]> {
  return await withOwnUsers(db, context, async (...emails) => {
    const rows = emails.map((email) => ({ email, hashedPassword: 'verify' }));
    const users = await db.insert(user).values(rows).returning();
    const [victim = 0, otherUser = 0] = users.map(({ id }) => id);
    let victimTodo = await todosOf(db, victim).create({ title: 'mine' });
    const findings: Finding[] = [];
    for (const [name, attempt] of Object.entries(attempts)) {
      const reached = await attempt(todosOf(db, otherUser), victimTodo.id).catch(returnIfNotFound);
      const [after] = await db.select().from(todo).where(eq(todo.id, victimTodo.id));
      if (reached === undefined && isDeepStrictEqual(after, victimTodo)) continue;
      findings.push({ have: `${name} reaches the todo of another user`, want: 'not found, and nothing changed' });
      // The todo is deleted, so no other attempt can reach it.
      if (after === undefined) break;
      victimTodo = after;
    }
    return findings;
  });
}

/** Throws any other error than `not-found`. */
function returnIfNotFound(error: unknown): undefined {
  if (!(error instanceof DatabaseError) || error.kind !== 'not-found') throw error;
}
