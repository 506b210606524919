/** Databases of every size, in two shapes, each with one user whose pages are read. */
import { Client } from 'pg';

import type { LocalNeon } from '../workspace.ts';

export type Shape = 'one user' | '100,000 users';

const USERS = 100_000;
/** Whose pages are read. */
export const READER = 1;
/** What the reader has among others, so that the page is the same however many todos the others have. */
const OWN_TODOS = 100;

/** Gives the URL of a database with so many todos: all of them the reader's, or shared by all users. */
export async function fill(neon: LocalNeon, template: string, shape: Shape, todos: number): Promise<string> {
  const { url } = await neon.branches.create(`${shape} ${todos}`.replaceAll(/\W/g, '_'), { from: template });
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const isShared = shape === '100,000 users';
    await client.query(
      `insert into "user" (email, hashed_password) select n || '@example.com', '-' from generate_series(1, $1) as n`,
      [isShared ? USERS : 1],
    );
    // The reader's lie as far from each other as they can.
    await client.query(
      `insert into todo (title, description, user_id)
       select 'Write note ' || n, 'Of the analytical engine, for the journal',
         case when $1 and n % ($2 / ${OWN_TODOS}) <> 0 then 2 + n % (${USERS} - 1) else ${READER} end
       from generate_series(1, $2::int) as n`,
      [isShared, todos],
    );
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
  return url;
}
