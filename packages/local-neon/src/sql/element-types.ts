/** The types of arrays' elements, asked of PostgreSQL once for each database: each has its own enums. */
import { cellTexts, type RawResult } from './raw-result.ts';
import type { QueryOptions, Session } from './session.ts';

/** The type of an array's elements, by the array's type; null for a type that is no array. */
export type ElementTypes = ReadonlyMap<number, number | null>;

export interface ElementTypeCache {
  /** At least those of the results' columns, but for the types that need none. */
  read(session: Session, results: readonly RawResult[], options: Pick<QueryOptions, 'isLast'>): Promise<ElementTypes>;
}

/** Types that are no arrays, so that nobody need ask for them: pg_type.dat names these oids. */
const SCALAR_TYPES: ReadonlySet<number> = new Set([
  16, 20, 21, 23, 25, 114, 700, 701, 1043, 1114, 1184, 1700, 2950, 3802,
]);

/** int2vector and oidvector have elements and are no arrays: their text is not in braces. */
const QUERY = `select oid, case when typinput = 'pg_catalog.array_in'::regproc then typelem end
  from pg_catalog.pg_type where oid = any($1::oid[])`;

export function createElementTypeCache(): ElementTypeCache {
  const databases = new Map<string, Map<number, number | null>>();
  return {
    async read(session, results, { isLast }) {
      const known = databases.get(session.database) ?? new Map<number, number | null>();
      databases.set(session.database, known);
      const types = results.flatMap(({ fields }) => fields.map((field) => field.dataTypeID));
      const unknown = [...new Set(types)].filter((type) => !SCALAR_TYPES.has(type) && !known.has(type));
      if (unknown.length > 0) {
        const found = await session.query(QUERY, [`{${unknown.join(',')}}`], { bytesMax: Infinity, isLast });
        for (const [type, element] of cellTexts(found)) {
          known.set(Number(type), element === null ? null : Number(element));
        }
      }
      return known;
    },
  };
}
