/** A database as the tests break it: SQL text over a plain client, as its owner. */
import { Client } from 'pg';

/** Runs statements one after the other, each on its own: some refuse to run in a transaction. */
export async function execute(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query<Record<string, unknown>>(statement)).rows;
    return rows;
  } finally {
    await client.end();
  }
}

/** All that a run could leave behind: rows, and values that the sequences gave away. */
export async function fingerprint(url: string): Promise<unknown> {
  return await execute(
    url,
    `select (select count(*) from "user") as users, (select count(*) from todo) as todos,
       (select json_agg(s order by s.sequencename) from (select sequencename, last_value from pg_sequences) s) as sequences`,
  );
}
