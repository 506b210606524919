import { isDeepStrictEqual } from 'node:util';

import { DatabaseError, type HttpDatabase } from '@todo/client';
import { todosOf, type TodosOfUser } from '@todo/db/queries';
import { todo, user } from '@todo/db/schema';
import { eq } from 'drizzle-orm';

import { type Check, type Context, type Finding, verdict } from '../../../check.ts';
import { ownEmail } from '../own-rows.ts';
import { removeUsers } from '../remove-users.ts';

/** What a stranger gets who tries it on the todo of an id; undefined when there is none for them. */
type Attempt = (theirs: TodosOfUser, id: number) => Promise<unknown>;

type Reaching = Exclude<keyof TodosOfUser, 'create' | 'createMany'>;

/** Each function that could reach a todo which is there, tried on somebody else's. What it should say is that there is none. */
const ATTEMPTS: Readonly<Record<Reaching, Attempt>> = {
  get: (theirs, id) => theirs.get(id),
  update: (theirs, id) => theirs.update(id, { title: 'taken' }),
  complete: (theirs, id) => theirs.complete(id),
  remove: (theirs, id) => theirs.remove(id),
  list: async (theirs) => (await theirs.list()).todos[0],
  stats: async (theirs) => ((await theirs.stats()).total === 0 ? undefined : 'todos of somebody else'),
};

export const userIsolation: Check = {
  id: 'behave/user-isolation',
  title: 'Nobody sees or changes the todos of another user',
  method: 'Each query of @todo/db/queries, asked by one user for the todo of another; then that todo is compared.',
  why: 'Whoever guesses an id reads, changes or deletes what belongs to somebody else.',
  remedy: 'Add the user’s id to the WHERE of that function in packages/db/src/queries.',
  severity: 'error',
  mode: 'commits',
  needs: ['connect/http'],
  run: async ({ http, run }) => verdict(await tryAll(http, { run }, ATTEMPTS)),
};

/** Finds those attempts that reach the todo. */
export async function tryAll(
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
    const [owner = 0, stranger = 0] = owners.map(({ id }) => id);
    let mine = await todosOf(db, owner).create({ title: 'mine' });
    const findings: Finding[] = [];
    for (const [name, attempt] of Object.entries(attempts)) {
      const given = await attempt(todosOf(db, stranger), mine.id).catch(notFound);
      const [after] = await db.select().from(todo).where(eq(todo.id, mine.id));
      if (given === undefined && isDeepStrictEqual(after, mine)) continue;
      findings.push({ have: `${name} reaches the todo of another user`, want: 'not found, and nothing changed' });
      // It is gone, and nobody reaches it any more.
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
