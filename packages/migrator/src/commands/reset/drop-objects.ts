/** Drops objects of a database, and says what went with them. */
import type { Session } from '@todo/client/session';
import { type DatabaseObject, readObjects } from './database-objects.ts';
import { nameKey } from './made-objects.ts';

export interface Dropped {
  /** Those that were to go. */
  readonly own: DatabaseObject[];
  /** What others made, and cannot be without them: a view on a table, a column of a type. */
  readonly dependents: DatabaseObject[];
  /** What others made, and lies in the same schemas. */
  readonly leftAlone: DatabaseObject[];
}

/** Other applications keep their record of migrations there. The schema itself does no harm. */
const SHARED_SCHEMA = 'drizzle';

/** Belongs into a transaction: whether the dependents may go is for the caller to decide, before its commit. */
export async function dropObjects(session: Session, made: ReadonlySet<string>): Promise<Dropped> {
  const before = await readObjects(session);
  const own = before.filter((object) => object.parent === null && made.has(nameKey(object)) && !isShared(object));
  for (const { type, identity } of own) await session.query(`drop ${type} if exists ${identity} cascade`);
  const after = new Set((await readObjects(session)).map(({ id }) => id));

  const lost = new Set(before.filter(({ id }) => !after.has(id)).map(({ id }) => id));
  const ownIds = new Set(own.map(({ id }) => id));
  const dependents = before.filter(
    ({ id, parent }) => lost.has(id) && !ownIds.has(id) && (parent === null || !lost.has(parent)),
  );
  const schemas = new Set(own.map(({ schema }) => schema));
  const leftAlone = before.filter(
    (object) =>
      object.parent === null &&
      after.has(object.id) &&
      !isShared(object) &&
      schemas.has(object.schema) &&
      object.schema !== null,
  );
  return { own, dependents, leftAlone };
}

function isShared({ type, identity }: DatabaseObject): boolean {
  return type === 'schema' && identity === SHARED_SCHEMA;
}
