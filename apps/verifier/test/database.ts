/** Changes a test database: runs SQL over a plain client as the owner of the database. */
import { Client } from 'pg';

/** Runs statements one after the other, each outside a transaction: some statements refuse to run inside one. */
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

/** Returns all data that a run could leave behind: rows, and the last values of sequences. */
export async function fingerprint(url: string): Promise<unknown> {
  return await execute(
    url,
    `select (select count(*) from "user") as users, (select count(*) from todo) as todos,
       (select json_agg(s order by s.sequencename) from (select sequencename, last_value from pg_sequences) s) as sequences`,
  );
}
