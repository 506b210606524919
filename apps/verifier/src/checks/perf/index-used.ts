import { todo, user } from '@todo/db/schema';
import { eq, type SQLWrapper, sql } from 'drizzle-orm';
import { QueryBuilder } from 'drizzle-orm/pg-core';

import { type Check, type Finding, verdict } from '../../check.ts';
import { describePlan, genericPlans, indexConditions, type PlanNode } from './generic-plan.ts';

interface Lookup {
  readonly what: string;
  readonly table: string;
  readonly column: string;
  readonly query: SQLWrapper & { toSQL(): { sql: string } };
  readonly fix: string;
}

const any = sql.placeholder('value');
const queries = new QueryBuilder();

const LOOKUPS: readonly Lookup[] = [
  {
    what: 'the todos of a user, and the cascade',
    table: 'todo',
    column: 'user_id',
    query: queries.select().from(todo).where(eq(todo.userId, any)),
    fix: 'CREATE INDEX CONCURRENTLY idx_todo_user_id ON public.todo USING btree (user_id);\nANALYZE public.todo;',
  },
  {
    what: 'a user by email',
    table: 'user',
    column: 'email',
    query: queries.select().from(user).where(eq(user.email, any)),
    fix: 'CREATE UNIQUE INDEX CONCURRENTLY idx_user_email_unique ON public."user" USING btree (email);\nANALYZE public."user";',
  },
];

export const indexUsed: Check = {
  id: 'perf/index-used',
  title: 'Todos by user and users by email are found through an index',
  method: 'The generic plan of each query, without sequential scans: an Index Cond must name the column.',
  why: 'The query reads the whole table, and is slower with every row.',
  remedy: 'pnpm verify --only schema   # the index must be there, valid and complete; then ANALYZE.',
  severity: 'error',
  mode: 'reads',
  needs: ['connect/websocket'],
  takesLong: true,
  run: ({ read, show }) =>
    read(async (session) => {
      const texts = LOOKUPS.map(({ query }) => query.toSQL().sql);
      const plans = await genericPlans(session, texts);
      for (const [index, plan] of plans.entries()) {
        show({ kind: 'plan', what: LOOKUPS[index]?.what ?? '', query: texts[index] ?? '', plan: describePlan(plan) });
      }
      return verdict(LOOKUPS.flatMap((lookup, index) => judge(lookup, plans[index] ?? {})));
    }),
};

function judge({ what, table, column, fix }: Lookup, plan: PlanNode): Finding[] {
  // Whole words: `user_id` is not `other_user_id`.
  if (indexConditions(plan).some((condition) => new RegExp(String.raw`\b${column}\b`).test(condition))) return [];
  return [
    {
      have: `${what}: no index condition on ${table}.${column}`,
      want: `an index that begins with ${table}.${column}`,
      fix,
      about: { table, name: column },
      follows: ['schema/index-missing', 'schema/*', 'connect/session-settings', 'connect/search-path'],
    },
  ];
}
