/** Drops objects of a database, and reports which dependent objects were dropped by CASCADE. */
import type { Session } from '@todo/client/session';
import { type DatabaseObject, readObjects } from './database-objects.ts';
import { nameKey } from './created-objects.ts';

export interface Dropped {
  /** The requested objects. */
  readonly own: DatabaseObject[];
  /** Objects of others that depend on the requested ones: a view on a table, a column of a type. */
  readonly dependents: DatabaseObject[];
  /** Objects of others in the same schemas, which stay. */
  readonly leftAlone: DatabaseObject[];
}

/** Other applications keep their migrations table in this schema. An empty schema does no harm. */
const SHARED_SCHEMA = 'drizzle';

/** Drops the objects with CASCADE. Must run in a transaction: the caller decides before the commit whether that is allowed. */
export async function dropObjects(session: Session, created: ReadonlySet<string>): Promise<Dropped> {
  const before = await readObjects(session);
  const own = before.filter((object) => object.parent === null && created.has(nameKey(object)) && !isShared(object));
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
