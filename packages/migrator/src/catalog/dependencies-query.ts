/** Queries the dependencies of relations, types and functions on each other: they decide the order of creating and dropping. */

// The catalog rows that are part of an object, such as the defaults of a table.
const parts = `
select 'pg_class'::regclass::oid as classid, r.oid as objid, r.oid as object from relation r
union all select 'pg_attrdef'::regclass, d.oid, r.oid from relation r join pg_attrdef d on d.adrelid = r.oid
union all select 'pg_rewrite'::regclass, w.oid, r.oid from relation r
  join pg_rewrite w on w.ev_class = r.oid and w.rulename = '_RETURN'
union all select 'pg_constraint'::regclass, k.oid, r.oid from relation r
  join pg_constraint k on k.conrelid = r.oid and k.contype in ('c', 'x')
union all select 'pg_class'::regclass, i.indexrelid, r.oid from relation r join pg_index i on i.indrelid = r.oid
union all select 'pg_type'::regclass, t.oid, t.oid from own_type t
union all select 'pg_class'::regclass, t.typrelid, t.oid from own_type t where t.typrelid <> 0
union all select 'pg_constraint'::regclass, k.oid, t.oid from own_type t join pg_constraint k on k.contypid = t.oid
union all select 'pg_proc'::regclass, p.oid, p.oid from routine p`;

// Each oid by which pg_depend can refer to an object.
const names = `
select 'pg_class'::regclass::oid as classid, r.oid as objid, r.oid as object, 'table ' || r.nspname || '.' || r.relname as name
  from relation r
union all select 'pg_type'::regclass, r.reltype, r.oid, 'table ' || r.nspname || '.' || r.relname
  from relation r where r.reltype <> 0
union all select 'pg_type'::regclass, a.oid, r.oid, 'table ' || r.nspname || '.' || r.relname
  from relation r join pg_type t on t.oid = r.reltype join pg_type a on a.oid = t.typarray
union all select 'pg_type'::regclass, t.oid, t.oid, 'type ' || t.nspname || '.' || t.typname from own_type t
union all select 'pg_type'::regclass, t.typarray, t.oid, 'type ' || t.nspname || '.' || t.typname
  from own_type t where t.typarray <> 0
union all select 'pg_type'::regclass, m.rngmultitypid, t.oid, 'type ' || t.nspname || '.' || t.typname
  from own_type t join pg_range m on m.rngtypid = t.oid
union all select 'pg_proc'::regclass, p.oid, p.oid, 'function ' || p.nspname || '.' || p.signature from routine p`;

/** The CTE `need`: the oid of an object, and the names of the objects on which it depends, as a JSON array. */
export const NEEDS = `part as (${parts}),
name as (${names}),
need as (
  select p.object, jsonb_agg(distinct n.name)::text as names
  from part p
  join pg_depend d on d.classid = p.classid and d.objid = p.objid and d.deptype in ('n', 'a')
  join name n on n.classid = d.refclassid and n.objid = d.refobjid and n.object <> p.object
  group by p.object)`;

/** An SQL expression: the dependencies of the object with that oid. */
export const needsOf = (oid: string): string => `coalesce((select names from need where need.object = ${oid}), '[]')`;
