/** SQL that the queries of facts share: the objects that a catalog contains. */

/** An SQL condition: the object is not a member of an extension. */
export const isNotFromExtension = (catalog: string, oid: string): string => `not exists (
  select from pg_depend e where e.classid = '${catalog}'::regclass and e.objid = ${oid} and e.deptype = 'e')`;

/**
 * Schemas that a provider creates in each database, and the schema of the migrations table. PostgreSQL's own schemas are left out as well.
 */
const PROVIDED_SCHEMAS = `('information_schema', 'drizzle', 'neon', 'neon_auth', 'neon_migration')`;

const schemas = `
select n.oid, n.nspname, n.nspowner, n.nspacl from pg_namespace n
where n.nspname !~ '^pg_' and n.nspname not in ${PROVIDED_SCHEMAS} and ${isNotFromExtension('pg_namespace', 'n.oid')}`;

const relations = `
select c.*, s.nspname from pg_class c join own_schema s on s.oid = c.relnamespace
where c.relkind in ('r', 'p', 'f', 'v', 'm') and ${isNotFromExtension('pg_class', 'c.oid')}`;

// Leaves out arrays, multiranges and row types of tables, which are parts of other objects.
const types = `
select t.*, s.nspname from pg_type t join own_schema s on s.oid = t.typnamespace
where t.typtype in ('b', 'c', 'd', 'e', 'p', 'r') and t.typcategory <> 'A' and ${isNotFromExtension('pg_type', 't.oid')}
  and (t.typrelid = 0 or (select relkind from pg_class where oid = t.typrelid) = 'c')`;

const routines = `
select p.*, s.nspname, ${signature('p')} as signature from pg_proc p join own_schema s on s.oid = p.pronamespace
where ${isNotFromExtension('pg_proc', 'p.oid')}
  and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'i')`;

/** Such as `f(integer, public.mood)`: the name as SQL, and the argument types. */
function signature(row: string): string {
  return `quote_ident(${row}.proname) || '(' || array_to_string(array(
  select format_type(a.type, null) from unnest(${row}.proargtypes) with ordinality a(type, n) order by a.n), ', ') || ')'`;
}

/** The tables of a query of facts: `own_schema`, `relation`, `own_type`, `routine`, each with `nspname`, its schema. */
export const SCOPE = `own_schema as (${schemas}),
relation as (${relations}),
own_type as (${types}),
routine as (${routines})`;
