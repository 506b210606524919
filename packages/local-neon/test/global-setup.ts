import { Client } from 'pg';

import { localNeon } from '../src/vitest.ts';

/** A template with a table and a row, so that a test can tell a clone from an empty database. */
export default localNeon({
  migrate: async (url) => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`create table origin (name text); insert into origin values ('template')`);
    await client.end();
  },
});
