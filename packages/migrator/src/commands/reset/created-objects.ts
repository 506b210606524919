/** Finds all objects that any migration creates, by running the migrations on an empty database. */
import { connectSession } from '@todo/client/session';
import { applyMigration } from '../../migrate/apply-migration.ts';
import type { FileMigration } from '../../migrate/folder.ts';
import type { OpenShadow } from '../../migrate/replay.ts';
import { type DatabaseObject, readObjects } from './database-objects.ts';

/** Identifies an object by type and name. Unlike the OID, this key is the same in every database. */
export function nameKey({ type, identity }: DatabaseObject): string {
  return `${type} ${identity}`;
}

/**
 * Returns the keys of the objects after each migration, with the migrations tables. Objects of earlier versions count as well: a database
 * may have any version.
 * @throws {MigrationError} if the migrations do not run from an empty database.
 */
export async function findCreatedObjects(
  migrations: readonly FileMigration[],
  openShadow: OpenShadow,
): Promise<Set<string>> {
  await using shadow = await openShadow();
  await using session = await connectSession(shadow.url);
  const before = new Set((await readObjects(session)).map(nameKey));
  const created = new Set<string>();
  for (const migration of migrations) {
    await applyMigration(session, migration);
    for (const object of await readObjects(session)) {
      if (object.parent === null && !before.has(nameKey(object))) created.add(nameKey(object));
    }
  }
  return created;
}
