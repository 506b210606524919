/** Drops objects of a database, and reports which dependent objects were dropped by CASCADE. */
import type { Session } from '@todo/client/session';
import { type DatabaseObject, readObjects } from './database-objects.ts';
import { nameKey } from './created-objects.ts';

export interface Dropped {
  /** The requested objects. */
  readonly requested: DatabaseObject[];
  /** Objects of others that depend on the requested ones: a view on a table, a column of a type. */
  readonly dependents: DatabaseObject[];
  /** Objects of others in the same schemas, which stay. */
  readonly leftAlone: DatabaseObject[];
}

/** Not dropped: other applications may have their migrations table in this schema. */
const SHARED_SCHEMA = 'drizzle';

/** Drops the objects with CASCADE. Must run in a transaction, so that the caller can roll back if dependent objects were dropped. */
export async function dropObjects(session: Session, created: ReadonlySet<string>): Promise<Dropped> {
  const before = await readObjects(session);
  const droppable = before.filter((object) => object.parent === null && !isSharedSchema(object));
  const requested = droppable.filter((object) => created.has(nameKey(object)));
  for (const { type, identity } of requested) await session.query(`drop ${type} if exists ${identity} cascade`);
  const after = new Set((await readObjects(session)).map(({ id }) => id));

  const droppedIds = new Set(before.filter(({ id }) => !after.has(id)).map(({ id }) => id));
  const requestedIds = new Set(requested.map(({ id }) => id));
  const dependents = before.filter(
    ({ id, parent }) => droppedIds.has(id) && !requestedIds.has(id) && (parent === null || !droppedIds.has(parent)),
  );
  const schemas = new Set(requested.map(({ schema }) => schema));
  const leftAlone = droppable.filter(({ id, schema }) => after.has(id) && schema !== null && schemas.has(schema));
  return { requested, dependents, leftAlone };
}

function isSharedSchema({ type, identity }: DatabaseObject): boolean {
  return type === 'schema' && identity === SHARED_SCHEMA;
}
