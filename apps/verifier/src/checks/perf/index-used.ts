import type { Session } from '@todo/db';
import { todo, user } from '@todo/db/schema';
import { eq, type SQLWrapper, sql } from 'drizzle-orm';
import { QueryBuilder } from 'drizzle-orm/pg-core';

import { type Check, type Context, type Finding, verdict } from '../../check.ts';
import { describePlan, genericPlan, indexConditions } from './generic-plan.ts';

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
  run: ({ read, show }) =>
    read(async (session) => {
      const findings: Finding[] = [];
      for (const lookup of LOOKUPS) findings.push(...(await judge(session, lookup, show)));
      return verdict(findings);
    }),
};

async function judge(session: Session, lookup: Lookup, show: Context['show']): Promise<Finding[]> {
  const { what, table, column, query, fix } = lookup;
  const text = query.toSQL().sql;
  const plan = await genericPlan(session, text);
  show({ kind: 'plan', what, query: text, plan: describePlan(plan) });
  // Whole words: `user_id` is not `other_user_id`.
  if (indexConditions(plan).some((condition) => new RegExp(String.raw`\b${column}\b`).test(condition))) return [];
  return [
    {
      have: `${what}: no index condition on ${table}.${column}`,
      want: `an index that begins with ${table}.${column}`,
      fix,
      about: { table, name: column },
      follows: ['schema/*', 'connect/session-settings', 'connect/search-path'],
    },
  ];
}
