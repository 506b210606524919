/** Reads the objects of a database, each with the name for DROP. */
import { z } from 'zod';

import type { Session } from '@todo/client/session';

const DatabaseObject = z.object({
  /** Catalog, object and column. Identifies the object within this database. */
  id: z.string(),
  /** The table, view or domain to which the object belongs; null if there is none. */
  parent: z.string().nullable(),
  /** The type for `DROP`, such as `materialized view`. */
  type: z.string(),
  /** The type and name, such as `materialized view shop."Sales"`. Equal in every database. */
  identity: z.string(),
  /** The schema of the object; null if it is outside of schemas. */
  schema: z.string().nullable(),
});

export type DatabaseObject = z.infer<typeof DatabaseObject>;

/** Reads all objects that were created after initdb, by any role, except members of extensions. */
export async function readObjects(session: Session): Promise<DatabaseObject[]> {
  const { rows } = await session.query(QUERY);
  return z.array(DatabaseObject).parse(rows);
}

/** Such as `table "user"`. The schema `public` is left out. */
export function describeObject({ type, identity }: DatabaseObject): string {
  return `${type} ${identity.replaceAll(/\bpublic\./g, '')}`;
}

/** SQL of the objects in a catalog that belong to no other object. */
const objectsOf = (catalog: string, condition = 'true'): string => `
select '${catalog}'::regclass as classid, o.oid as objid, 0 as subid, null::oid as parent_class, null::oid as parent
from ${catalog} o where ${condition}`;

/** SQL of the objects in a catalog that belong to the table with the oid `parent`. */
const partsOf = (catalog: string, parent: string, condition = 'true'): string => `
select '${catalog}'::regclass, o.oid, 0, 'pg_class'::regclass, ${parent} from ${catalog} o where ${parent} <> 0 and ${condition}`;

// The row type of a table and an array type are dropped with their table or element type; a multirange with its range.
const STANDS_ALONE = `o.typtype in ('b', 'c', 'd', 'e', 'r') and o.typcategory <> 'A'
  and (o.typrelid = 0 or (select relkind from pg_class where oid = o.typrelid) = 'c')`;

// The sequence of a column is dropped with the column.
const owningTable = `(select d.refobjid from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = o.oid
  and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i') and o.relkind = 'S')`;

// Catalogs whose objects belong to no other object.
const OTHER_CATALOGS =
  'pg_extension pg_proc pg_operator pg_opclass pg_opfamily pg_collation pg_conversion pg_ts_config pg_ts_dict pg_ts_parser' +
  ' pg_ts_template pg_statistic_ext pg_cast pg_language pg_am pg_foreign_data_wrapper pg_foreign_server pg_publication' +
  ' pg_event_trigger';

const SOURCES = [
  objectsOf('pg_namespace', `o.nspname !~ '^pg_'`),
  objectsOf('pg_class', `o.relkind in ('r', 'p', 'f', 'v', 'm', 'S') and ${owningTable} is null`),
  partsOf('pg_class', owningTable, `o.relkind = 'S'`),
  partsOf(
    'pg_class',
    '(select i.indrelid from pg_index i where i.indexrelid = o.oid)',
    `o.relkind in ('i', 'I') and o.relnamespace <> 'pg_toast'::regnamespace`,
  ),
  objectsOf('pg_type', STANDS_ALONE),
  ...OTHER_CATALOGS.split(' ').map((catalog) => objectsOf(catalog)),
  `select 'pg_class'::regclass, o.oid, a.attnum, 'pg_class'::regclass, o.oid from pg_class o join pg_attribute a on a.attrelid = o.oid
   where a.attnum > 0 and not a.attisdropped and o.relkind in ('r', 'p', 'f', 'v', 'm')`,
  partsOf('pg_constraint', 'o.conrelid', `o.contype in ('c', 'f', 'p', 'u', 'x')`),
  `select 'pg_constraint'::regclass, o.oid, 0, 'pg_type'::regclass, o.contypid from pg_constraint o where o.contypid <> 0`,
  partsOf('pg_trigger', 'o.tgrelid', 'not o.tgisinternal'),
  partsOf('pg_policy', 'o.polrelid'),
  partsOf('pg_rewrite', 'o.ev_class', `o.rulename <> '_RETURN'`),
  partsOf('pg_attrdef', 'o.adrelid'),
];

/** Objects of initdb have lower oids: `FirstNormalObjectId` in `access/transam.h`. */
const FIRST_NORMAL_OBJECT_ID = 16_384;

const QUERY = `
with object as (${SOURCES.join(' union all ')})
select format('%s/%s/%s', classid::oid, objid, subid) as id,
  case when parent is not null then format('%s/%s/0', parent_class, parent) end as parent,
  case i.type when 'foreign-data wrapper' then 'foreign data wrapper' when 'statistics object' then 'statistics' else i.type end as type,
  i.identity, i.schema
from object, pg_identify_object(classid, objid, subid) i
where objid >= ${FIRST_NORMAL_OBJECT_ID} and not exists (
  select from pg_depend e
  where e.deptype = 'e' and (e.classid, e.objid) in ((object.classid, object.objid), (parent_class, parent)))
  and (parent is not null or not exists (
    select from pg_depend e where e.deptype = 'i' and (e.classid, e.objid) = (object.classid, object.objid)))
order by i.type, i.identity collate "C"`;
