/** A client without a URL, as in the build of an image. */
import { expect, test } from 'vitest';

import { connectHttp, connectWebSocket, withDatabase } from './fixture/app.ts';
import { account } from './fixture/schema.ts';

const missing = {
  name: 'DatabaseUrlError',
  code: 'DATABASE_URL_MISSING',
  message: expect.stringMatching(/^DATABASE_URL is not set\. .*Neon console.*\.env.*pnpm db:dev/s),
};

test.each([undefined, '', ' \n'])('with the URL %j a client is created, and its queries are rejected', async (url) => {
  const http = connectHttp(url);
  await using sessions = connectWebSocket(url);
  for (const db of [http, sessions]) {
    await expect(db.select().from(account)).rejects.toMatchObject(missing);
    await expect(db.query.account.findFirst()).rejects.toMatchObject(missing);
    await expect(db.$count(account)).rejects.toMatchObject(missing);
  }
  await expect(http.batch([http.select().from(account)])).rejects.toMatchObject(missing);
  await expect(sessions.transaction(async () => 'never')).rejects.toMatchObject(missing);
});

test.each([
  ['HTTP', connectHttp],
  ['WebSocket', connectWebSocket],
])('a query over %s without a URL is logged', async (_, connect) => {
  const logged: unknown[] = [];
  const db = connect(undefined, { logger: ({ error }) => logged.push(error) });
  await expect(db.select().from(account)).rejects.toMatchObject(missing);
  expect(logged).toEqual(['other']);
});

test('withDatabase without a URL is rejected at its first query', async () => {
  await expect(withDatabase(undefined, (db) => db.$count(account))).rejects.toMatchObject(missing);
});

test('a replica without a URL rejects only the reads', async () => {
  const db = connectHttp('postgresql://u:p@localhost:1/todo', { replicas: [''] });
  await expect(db.select().from(account)).rejects.toThrow('A replica’s URL is not set.');
});

test('a wrong URL is refused when the client is created', () => {
  for (const connect of [connectHttp, connectWebSocket]) {
    expect(() => connect('mysql://u:p@localhost/todo')).toThrow('does not begin with postgresql://');
  }
});
