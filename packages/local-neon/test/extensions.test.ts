import { expect, test } from 'vitest';

import { emptyBranch } from '../src/vitest.ts';
import { ask } from './connect.ts';

const { url } = await emptyBranch();

test('the role of the URL adds the extensions that PostgreSQL brings and trusts, and no others', async () => {
  for (const name of ['citext', 'hstore', 'pg_trgm', 'pgcrypto']) await ask(url, `create extension ${name}`);
  expect(await ask(url, `select 'A'::citext = 'a' as equal`)).toMatchObject([{ equal: true }]);
  await expect(ask(url, 'create extension pg_stat_statements')).rejects.toMatchObject({ code: '42501' });
});
