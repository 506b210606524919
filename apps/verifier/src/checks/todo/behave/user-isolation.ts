import { isDeepStrictEqual } from 'node:util';

import { DatabaseError, type HttpDatabase } from '@todo/client';
import { todosOf, type TodosOfUser } from '@todo/db/queries';
import { todo, user } from '@todo/db/schema';
import { eq } from 'drizzle-orm';

import { type Check, type Context, type Finding, verdict } from '../../../check.ts';
import { ownEmail } from '../own-rows.ts';
import { removeUsers } from '../remove-users.ts';

/** Calls a function as another user with the id of a todo. Undefined when that user gets no todo. */
type Attempt = (theirs: TodosOfUser, id: number) => Promise<unknown>;

type Reaching = Exclude<keyof TodosOfUser, 'create' | 'createMany'>;

/** Each function that reads or changes an existing todo, called with the id of another user's todo. It must not find one. */
const ATTEMPTS: Readonly<Record<Reaching, Attempt>> = {
  get: (theirs, id) => theirs.get(id),
  update: (theirs, id) => theirs.update(id, { title: 'taken' }),
  complete: (theirs, id) => theirs.complete(id),
  remove: (theirs, id) => theirs.remove(id),
  list: async (theirs) => (await theirs.list()).todos[0],
  stats: async (theirs) => ((await theirs.stats()).total === 0 ? undefined : 'todos of another user'),
};

export const userIsolation: Check = {
  id: 'behave/user-isolation',
  title: 'No user can read or change the todos of another user',
  method: 'Calls each query of @todo/db/queries as one user with the todo of another, then compares that todo.',
  why: 'Anyone who guesses an id can read, change or delete the todo of another user.',
  remedy: 'Add the user’s id to the WHERE of that function in packages/db/src/queries.',
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
  const emails = [ownEmail(context), ownEmail(context)];
  try {
    const owners = await db
      .insert(user)
      .values(emails.map((email) => ({ email, hashedPassword: 'verify' })))
      .returning();
    const [owner = 0, otherUser = 0] = owners.map(({ id }) => id);
    let mine = await todosOf(db, owner).create({ title: 'mine' });
    const findings: Finding[] = [];
    for (const [name, attempt] of Object.entries(attempts)) {
      const given = await attempt(todosOf(db, otherUser), mine.id).catch(notFound);
      const [after] = await db.select().from(todo).where(eq(todo.id, mine.id));
      if (given === undefined && isDeepStrictEqual(after, mine)) continue;
      findings.push({ have: `${name} reaches the todo of another user`, want: 'not found, and nothing changed' });
      // The todo is deleted, so no other attempt can reach it.
      if (after === undefined) break;
      mine = after;
    }
    return findings;
  } finally {
    await removeUsers(db, ...emails);
  }
}

function notFound(error: unknown): undefined {
  if (!(error instanceof DatabaseError) || error.kind !== 'not-found') throw error;
}
