import { connectHttp, type LoggedQuery } from '@todo/db';
import { todosOf } from '@todo/db/queries';
import { todo, user } from '@todo/db/schema';
import { eq, inArray } from 'drizzle-orm';

import { type Check, type Finding, guarantee, verdict } from '../../check.ts';

const TODOS = 20;

export const queryCount: Check = {
  id: 'perf/query-count',
  title: 'Each function of the data layer is one query, however many rows it gives',
  method: `Every query of @todo/db/queries on a user with ${TODOS} todos, counted by the client’s logger.`,
  why: 'A list of 20 rows that asks 21 times takes 21 round trips.',
  remedy: 'Use a join, or `with`, in place of a query per row.',
  severity: 'warning',
  mode: 'commits',
  needs: ['connect/http'],
  run: async ({ clientUrl, http, rows, step }) => {
    const queries: LoggedQuery[] = [];
    const logged = connectHttp(clientUrl, { logger: (query) => void queries.push(query) });
    const email = rows.email();
    try {
      const [owner] = await http.insert(user).values({ email, hashedPassword: 'verify' }).returning();
      guarantee(owner !== undefined, { have: 'no row from an insert', want: 'one', follows: ['schema/*'] });
      const todos = todosOf(logged, owner.id);
      const findings: Finding[] = [];
      const count = async (name: string, ask: () => Promise<unknown>) => {
        queries.length = 0;
        await ask();
        step(`${name}: ${queries.length} queries, ${Math.round(queries[0]?.durationMs ?? 0)} ms`);
        if (queries.length !== 1) findings.push({ have: `${name} ran ${queries.length} queries`, want: 'one' });
      };
      const { id } = await todos.create({ title: 'verify' });
      await count('createMany', () => todos.createMany(Array.from({ length: TODOS }, () => ({ title: 'verify' }))));
      await count('list', () => todos.list({ limit: TODOS }));
      await count('get', () => todos.get(id));
      await count('update', () => todos.update(id, { title: 'verified' }));
      await count('complete', () => todos.complete(id));
      await count('stats', () => todos.stats());
      await count('remove', () => todos.remove(id));
      return verdict(findings);
    } finally {
      const owners = http.select({ id: user.id }).from(user).where(eq(user.email, email));
      await http.delete(todo).where(inArray(todo.userId, owners));
      await http.delete(user).where(eq(user.email, email));
    }
  },
};
