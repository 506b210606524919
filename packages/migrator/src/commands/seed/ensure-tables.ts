/** Migrates an empty database before it is seeded: a new local Neon is empty. */
import type { Session } from '@todo/client/session';
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core';

import type { DatabaseDefinition } from '../../database-definition.ts';
import { migrate } from '../../index.ts';
import { CommandFailure, EXIT } from '../failure.ts';
import { rethrowAsCommandFailure } from '../migrate.ts';
import { printToStderr } from '../output.ts';
import { nameOf, tablesIn } from './tables.ts';

/** Applies the migrations to a database that has none of the tables. A database that has only some of them is refused. */
export async function ensureTables(session: Session, database: DatabaseDefinition, url: string): Promise<void> {
  const tables = tablesIn(database.schema);
  const missing = await missingTables(session, tables);
  if (missing.size === 0) return;
  if (missing.size < tables.length) {
    const names = tables.filter((_, index) => missing.has(index)).map(nameOf);
    throw new CommandFailure(
      EXIT.failed,
      `Nothing was done: the database lacks ${names.join(', ')}. Run \`pnpm db:migrate\` first, or \`pnpm db:push\`.`,
    );
  }
  printToStderr('There are no tables: applying the migrations first.');
  await migrate(url, database.migrations).catch(rethrowAsCommandFailure);
}

/** Returns the indexes, within the list, of the tables that the database lacks. */
async function missingTables(session: Session, tables: readonly PgTable[]): Promise<Set<number>> {
  const configs = tables.map(getTableConfig);
  const { rows } = await session.query(
    `select (position - 1)::int as index from unnest($1::text[], $2::text[]) with ordinality as t (schema, name, position)
     where to_regclass(format('%I.%I', schema, name)) is null`,
    [configs.map(({ schema }) => schema ?? 'public'), configs.map(({ name }) => name)],
  );
  return new Set(rows.map(({ index }) => Number(index)));
}
