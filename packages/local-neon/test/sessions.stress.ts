import { expect, test } from 'vitest';

import { testBranch } from '../src/vitest.ts';
import { ask, createNeonClient } from './connect.ts';

const branch = await testBranch();

const SESSIONS = 100;
const QUERIES = 10_000;

async function countSessions(): Promise<unknown> {
  const [row] = await ask(
    branch.url,
    `select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
  );
  return row?.n;
}

test(`${QUERIES} queries over ${SESSIONS} WebSocket sessions all get their results, and no session stays`, async () => {
  await ask(branch.url, 'create table counted (session int, n int)');
  const sessions = Array.from({ length: SESSIONS }, async (_, session) => {
    const client = createNeonClient(branch.url);
    await client.connect();
    const pids = new Set<unknown>();
    for (let n = 0; n < QUERIES / SESSIONS; n += 1) {
      const { rows } = await client.query(
        'insert into counted values ($1, $2) returning session, n, pg_backend_pid() as pid',
        [session, n],
      );
      expect(rows).toEqual([{ session, n, pid: rows[0].pid }]);
      pids.add(rows[0].pid);
    }
    await client.end();
    // One backend served all queries.
    expect(pids.size).toBe(1);
    return [...pids][0];
  });
  expect(new Set(await Promise.all(sessions)).size).toBe(SESSIONS);
  expect(
    await ask(branch.url, 'select count(*)::int as n, count(distinct (session, n))::int as different from counted'),
  ).toEqual([{ n: QUERIES, different: QUERIES }]);
  await expect.poll(countSessions).toBe(0);
});
