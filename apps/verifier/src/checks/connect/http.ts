import { sql } from 'drizzle-orm';

import { type Check, guarantee, verdict } from '../../check.ts';
import { ignoreTimeout } from './ignore-timeout.ts';

export const http: Check = {
  id: 'connect/http',
  title: 'SQL over HTTP works',
  method: 'Runs a query over Neon’s HTTP protocol and compares the result.',
  why: 'Code that sends its queries over HTTP, such as serverless functions, cannot reach the database.',
  remedy: 'Check the host in DATABASE_URL, and the proxies between this machine and the database.',
  mode: 'reads',
  needs: ['connect/auth'],
  dependentsStartEarly: true,
  run: async ({ http: db }) => {
    const result = await ignoreTimeout(db.execute<{ answer: number }>(sql`select 42 as answer`));
    if (result === undefined) return verdict([], 'a statement timeout ended the query');
    const { rows } = result;
    guarantee(rows[0]?.answer === 42, {
      have: `select 42 gave ${JSON.stringify(rows)}`,
      want: '[{"answer":42}]',
      why: 'The server is not PostgreSQL, or a proxy changes its responses.',
    });
    return verdict([]);
  },
};
