/** A client that is made without a URL: what an image's build imports. */
import { expect, test } from 'vitest';

import { connectHttp, connectWebSocket, withDatabase } from './fixture/app.ts';
import { account } from './fixture/schema.ts';

const missing = {
  name: 'DatabaseUrlError',
  code: 'DATABASE_URL_MISSING',
  message: expect.stringMatching(/^DATABASE_URL is not set\. .*Neon console.*\.env.*pnpm db:dev/s),
};

test.each([undefined, '', ' \n'])('with %j for a URL a client is made, and its queries are rejected', async (url) => {
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

test('a unit of work without a URL is rejected at its first query', async () => {
  await expect(withDatabase(undefined, (db) => db.$count(account))).rejects.toMatchObject(missing);
});

test('a replica without a URL rejects the reads alone', async () => {
  const db = connectHttp('postgresql://u:p@localhost:1/todo', { replicas: [''] });
  await expect(db.select().from(account)).rejects.toThrow('A replica’s URL is not set.');
});

test('a URL that is wrong is refused when the client is made', () => {
  for (const connect of [connectHttp, connectWebSocket]) {
    expect(() => connect('mysql://u:p@localhost/todo')).toThrow('does not begin with postgresql://');
  }
});
