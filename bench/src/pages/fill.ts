/** Databases of several sizes, in two shapes, each with one user whose pages are read. */
import { Client } from 'pg';

import type { LocalNeon } from '../workspace.ts';

export type Shape = 'one user' | '100,000 users';

const USERS = 100_000;
/** The user whose pages are read. */
export const READER = 1;
/** The number of the reader's todos in a table that many users share. It is constant, so that the page is the same in every size. */
const TODOS_OF_READER = 100;

/** Creates a database with this number of todos, which belong to the reader or to 100,000 users. Returns its URL. */
export async function fillTable(neon: LocalNeon, template: string, shape: Shape, todos: number): Promise<string> {
  const { url } = await neon.branches.create(`${shape} ${todos}`.replaceAll(/\W/g, '_'), { from: template });
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const isShared = shape === '100,000 users';
    await client.query(
      `insert into "user" (email, hashed_password) select n || '@example.com', '-' from generate_series(1, $1) as n`,
      [isShared ? USERS : 1],
    );
    // Spread the reader's todos evenly over the table.
    await client.query(
      `insert into todo (title, description, user_id)
       select 'Write note ' || n, 'Of the analytical engine, for the journal',
         case when $1 and n % ($2 / ${TODOS_OF_READER}) <> 0 then 2 + n % (${USERS} - 1) else ${READER} end
       from generate_series(1, $2::int) as n`,
      [isShared, todos],
    );
    await client.query('vacuum analyze');
  } finally {
    await client.end();
  }
  return url;
}
