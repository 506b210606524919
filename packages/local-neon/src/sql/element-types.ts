/** Reads the element types of array types once for each database, because each database has its own enums. */
import { cellTexts, type RawResult } from './raw-result.ts';
import type { QueryOptions, Session } from './session.ts';

/** Element types by array type; null for a type that is not an array. */
export type ElementTypes = ReadonlyMap<number, number | null>;

/** Returns the element types for all columns of the results. Well-known scalar types are missing. */
export type ReadElementTypes = (
  session: Session,
  results: readonly RawResult[],
  options: Pick<QueryOptions, 'isLastBeforeReset'>,
) => Promise<ElementTypes>;

/** Well-known scalar types, which need no query. The oids are listed in pg_type.dat. */
const SCALAR_TYPES: ReadonlySet<number> = new Set([
  16, 20, 21, 23, 25, 114, 700, 701, 1043, 1114, 1184, 1700, 2950, 3802,
]);

/** int2vector and oidvector have elements, but are not arrays: their text has no braces. */
const QUERY = `select oid, case when typinput = 'pg_catalog.array_in'::regproc then typelem end
  from pg_catalog.pg_type where oid = any($1::oid[])`;

/** Returns a reader that asks each database once for each type. */
export function createElementTypeCache(): ReadElementTypes {
  const databases = new Map<string, Map<number, number | null>>();
  return async (session, results, { isLastBeforeReset }) => {
    const cached = databases.get(session.database) ?? new Map<number, number | null>();
    databases.set(session.database, cached);
    const types = results.flatMap(({ fields }) => fields.map((field) => field.dataTypeID));
    const missing = [...new Set(types)].filter((type) => !SCALAR_TYPES.has(type) && !cached.has(type));
    if (missing.length > 0) {
      const found = await session.query(QUERY, [`{${missing.join(',')}}`], { bytesMax: Infinity, isLastBeforeReset });
      for (const [type, element] of cellTexts(found)) {
        cached.set(Number(type), element === null ? null : Number(element));
      }
    }
    return cached;
  };
}
