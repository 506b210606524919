/** Applies one sabotage of the collection to a database. */
import { Client, escapeIdentifier } from 'pg';

import type { Sabotage } from './sabotages.ts';

/** Rows of a database in use, and objects that the sabotages need. */
const SCENE = `
do $$ begin create role mallory; exception when duplicate_object or unique_violation then end $$;
create schema aside;
insert into "user" (email, hashed_password)
  select name || '@example.com', '$2b$10$todosampledataabcdefgObHXJc83aK24WWUVG65l7rGvPxf3gSxW'
  from unnest(array['ada', 'grace', 'new']) name;
insert into todo (title, user_id, is_completed) select 'Nr. ' || i, 1 + i % 2, i < 3 from generate_series(1, 6) i`;

export interface Doors {
  readonly owner: string;
  /** A superuser's connection string for the same database. Present only if the server belongs to the test. */
  readonly superuser?: string;
}

export async function setScene({ owner }: Doors): Promise<void> {
  await run(owner, [SCENE]);
}

export async function commitSabotage(doors: Doors, { sql, as, fails }: Omit<Sabotage, 'id'>): Promise<void> {
  const statements = [sql].flat();
  const door = doors[as ?? 'owner'];
  if (door === undefined) throw new Error('no superuser here');
  const isLast = (index: number) => index === statements.length - 1;
  await run(door, statements, (index) => fails === true && isLast(index));
}

export async function undoSabotage(doors: Doors, { undo = '', as }: Omit<Sabotage, 'id'>): Promise<void> {
  await run(doors[as ?? 'owner'] ?? doors.owner, undo.split(';'));
}

async function run(url: string, statements: readonly string[], mayFail?: (index: number) => boolean): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const database = escapeIdentifier(client.database ?? '');
    for (const [index, statement] of statements.entries()) {
      await client.query(statement.replaceAll(':database', () => database)).catch((error: unknown) => {
        if (mayFail?.(index) !== true) throw new Error(`${statement}: ${(error as Error).message}`, { cause: error });
      });
    }
  } finally {
    await client.end();
  }
}
