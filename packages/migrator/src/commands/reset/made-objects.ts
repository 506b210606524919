/** All that the migrations make at one time or another, found by running them on an empty database. */
import { connectSession } from '@todo/client/session';
import { applyMigration } from '../../migrate/apply-migration.ts';
import type { Migration } from '../../migrate/folder.ts';
import type { Shadow } from '../../migrate/replay.ts';
import { type DatabaseObject, readObjects } from './database-objects.ts';

/** Tells an object in each database that has one of that type and name. */
export function nameKey({ type, identity }: DatabaseObject): string {
  return `${type} ${identity}`;
}

/**
 * The keys of the objects after each migration, the migrations tables among them. Those of earlier ones count: a database may
 * stand at any of them.
 * @throws {MigrationError} when the migrations do not run from nothing.
 */
export async function findMade(
  migrations: readonly Required<Migration>[],
  openShadow: () => Promise<Shadow>,
): Promise<Set<string>> {
  await using shadow = await openShadow();
  await using session = await connectSession(shadow.url);
  const before = new Set((await readObjects(session)).map(nameKey));
  const made = new Set<string>();
  for (const migration of migrations) {
    await applyMigration(session, migration);
    for (const object of await readObjects(session)) {
      if (object.parent === null && !before.has(nameKey(object))) made.add(nameKey(object));
    }
  }
  return made;
}
