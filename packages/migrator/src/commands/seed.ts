/** `seed`: sample rows, on this machine only. */
import { connectWebSocket } from '@todo/client';
import { isLoopback, maskUrl } from '@todo/client/connection-url';
import { connectSession } from '@todo/client/session';
import { getTableName, is, Table } from 'drizzle-orm';

import type { DatabaseDefinition } from '../database-definition.ts';
import { migrate } from '../index.ts';
import { withDatabase } from './database.ts';
import { CommandFailure, EXIT } from './failure.ts';
import { refuse } from './migrate.ts';

export async function runSeed(database: DatabaseDefinition): Promise<void> {
  const written = await withDatabase('data', async (url) => {
    if (!isLoopback(url)) {
      throw new CommandFailure(
        EXIT.refused,
        `Nothing was done: ${maskUrl(url)} is not on this machine, and sample data belongs to no other.\n` +
          'Leave DATABASE_URL unset to use the local Neon of this checkout.',
      );
    }
    await ensureTables(database, url);
    // A million rows go at once when they are replaced.
    await using db = connectWebSocket(database, url, { timeoutMs: 3_600_000 });
    return await database.samples?.write(db);
  });
  process.stdout.write(`${written}\n`);
}

/** A new local Neon is empty, and sample data is a fine first thing to ask for. */
async function ensureTables(database: DatabaseDefinition, url: string): Promise<void> {
  await using session = await connectSession(url);
  const names = Object.values(database.schema).flatMap((value) => (is(value, Table) ? [getTableName(value)] : []));
  const { rows } = await session.query('select count(*)::int as found from pg_class where relname = any ($1)', [names]);
  if (rows[0]?.['found'] !== 0) return;
  process.stderr.write('There are no tables: applying the migrations first.\n');
  await migrate(url, database.migrations).catch(refuse);
}
