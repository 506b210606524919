/** Runs the statements of a case in a new database, and runs the checks on it. */
import type { Result } from '../../src/result.ts';
import { execute } from '../database.ts';
import { prove } from '../prove.ts';
import type { Database, Server } from '../schemas/server.ts';
import { type Door, PASSWORD, ROLES, type Sql } from './cases.ts';

export interface TryOut {
  /** Runs the checks of the group. */
  readonly look: () => Promise<Result[]>;
  readonly run: (sql: Sql) => Promise<void>;
}

export async function tryOut<T>(
  server: Server,
  { sql, door = 'owner' }: { readonly sql: Sql; readonly door?: Door },
  work: (tried: TryOut) => Promise<T>,
): Promise<T> {
  const database = await server.create();
  const run = (statements: Sql) => runAll(database, statements);
  try {
    await run(sql);
    return await work({ run, look: () => prove(urlOf(database, door), { only: ['security'] }) });
  } finally {
    const { superuserUrl } = database;
    const others = superuserUrl.replace(/[^/]*$/, 'postgres');
    await execute(others, `drop database "${new URL(superuserUrl).pathname.slice(1)}" with (force)`);
    for (const role of ROLES) await execute(others, `drop role if exists ${role}`);
  }
}

async function runAll({ url, superuserUrl }: Database, statements: Sql): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  for (const statement of statements) {
    const [, text = statement] = /^superuser: (.*)/s.exec(statement) ?? [];
    await execute(text === statement ? url : superuserUrl, text.replaceAll(':database', `"${name}"`));
  }
}

function urlOf({ url, superuserUrl }: Database, door: Door): string {
  if (door === 'owner') return url;
  if (door === 'superuser') return superuserUrl;
  const other = new URL(url);
  other.username = door;
  other.password = PASSWORD;
  return other.href;
}
