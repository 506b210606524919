import { sql } from 'drizzle-orm';

import { type Check, guarantee, verdict } from '../../check.ts';
import { unlessTimedOut } from './unless-timed-out.ts';

export const http: Check = {
  id: 'connect/http',
  title: 'SQL over HTTP works',
  method: 'A query over Neon’s HTTP protocol, and its answer compared.',
  why: 'Server-less code has no other way to the database.',
  remedy: 'Check the host in DATABASE_URL, and proxies on the way.',
  severity: 'error',
  mode: 'reads',
  needs: ['connect/auth'],
  isAssumed: true,
  run: async ({ http: db }) => {
    const answer = await unlessTimedOut(db.execute<{ answer: number }>(sql`select 42 as answer`));
    if (answer === undefined) return verdict([], 'ended by a statement timeout');
    const { rows } = answer;
    guarantee(rows[0]?.answer === 42, {
      have: `select 42 gave ${JSON.stringify(rows)}`,
      want: '[{"answer":42}]',
      why: 'What answers there is no PostgreSQL, or something in between changes its answers.',
    });
    return verdict([]);
  },
};
