/** Runs the migrations of a schema twice, on two empty databases. */
import { connectSession } from '@todo/client/session';
import { migrate } from '@todo/migrator';
import { compareCatalogs, describeDifference, readCatalog } from '@todo/migrator/catalog';

import type { Server } from './server.ts';
import { openSubject, type Subject } from './subject.ts';

/** Returns the differences between the two databases. There should be none. */
export async function replayTwice(subject: Subject, server: Server): Promise<string[]> {
  await using open = await openSubject(subject);
  const { migrations } = open.definitions.at(-1) ?? open.definitions[0];
  const [first, second] = [await catalogAfter(migrations, server), await catalogAfter(migrations, server)];
  return compareCatalogs(first, second).map(describeDifference);
}

async function catalogAfter(migrations: string, server: Server) {
  await using database = await server.create();
  await migrate(database.url, migrations);
  await using session = await connectSession(database.url);
  return await readCatalog(session);
}
