/** `seed`: writes sample rows or generated rows, on this machine only. */
import { isLocal, maskUrl } from '../connection/index.ts';
import type { DatabaseDefinition } from '../database-definition.ts';
import { withClient } from './connect.ts';
import { withDatabase } from './database.ts';
import { CommandFailure, EXIT, refusal } from './failure.ts';
import { print } from './output.ts';
import { ensureTables } from './seed/ensure-tables.ts';
import type { RowCounts } from './seed/rows-option.ts';
import { seedAll } from './seed/seed-all.ts';
import { wantedRows } from './seed/wanted-rows.ts';

export interface SeedOptions {
  /** The number of rows to generate, by table. Default: sample rows only. */
  readonly rows?: RowCounts;
  /** Whether to delete the existing generated rows first, if their number differs. Default false. */
  readonly replace?: boolean;
}

/**
 * Without numbers, writes the sample rows, or restores changed ones. With numbers, generates that many rows. An empty table without sample
 * or generated rows gets a few rows derived from the types of its columns. Other rows stay as they are.
 */
export async function runSeed(database: DatabaseDefinition, { rows, replace = false }: SeedOptions): Promise<void> {
  if (rows === undefined && replace) {
    throw new CommandFailure(
      EXIT.wrongUsage,
      'Use `--replace` only with `--rows`: changed sample rows are restored without `--replace`.',
    );
  }
  const wanted = rows && (await wantedRows(database, rows));
  await withDatabase('data', async (url) => {
    if (!isLocal(url)) throw remoteDatabaseError(url);
    await withClient(url, async (client) => {
      await ensureTables(client, database, url);
      for (const line of await seedAll(client, database, { wanted, replace })) print(line);
    });
  });
}

function remoteDatabaseError(url: string): CommandFailure {
  return refusal(
    `${maskUrl(url)} is not on this machine, and sample data is only written to a local database.\n` +
      'Leave DATABASE_URL unset to use the local Neon of this checkout.',
  );
}
