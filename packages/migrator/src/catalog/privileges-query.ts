/**
 * The queries of owners and privileges: privileges that the owner revoked from itself, privileges that this session lacks, and grants to
 * other roles.
 *
 * All privileges on a table and its parts are one fact, so that a missing column or sequence is reported once.
 */
import { isOutsider, joinWords, migrator, roleName } from './roles-query.ts';

/** A query of the grants in an access list, such as `PUBLIC SELECT`, without those of the owner, superusers and providers. */
const grantsTo = (acl: string, owner: string, suffix = `''`): string => `
  select ${roleName('g.grantee')} || ' ' || g.privilege_type || case when g.is_grantable then '*' else '' end || ${suffix} as words
  from aclexplode(${acl}) g
  where g.grantee <> ${owner} and g.privilege_type <> 'MAINTAIN' and ${isOutsider('g.grantee')}`;

/** `none` if the owner is the migrator, else the owner's name. */
const ownerName = (owner: string): string =>
  `case when ${owner} = ${migrator} then 'none' else pg_get_userbyid(${owner})::text end`;

const TABLE_RIGHTS = `array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']`;
const SEQUENCE_RIGHTS = `array['SELECT', 'UPDATE', 'USAGE']`;

// A table and its sequences: sequences that its columns own, and unowned sequences that its defaults use. A sequence of several tables
// is listed with the first table by name.
const belongings = `
select r.oid as table_oid, r.oid, r.relowner, r.relacl, '' as suffix, ${TABLE_RIGHTS} as rights from relation r
union all
select r.oid, c.oid, c.relowner, c.relacl,
  ' on ' || c.relname || case when c.relnamespace = r.relnamespace then '' else
    (select ' of schema ' || n.nspname from pg_namespace n where n.oid = c.relnamespace) end,
  ${SEQUENCE_RIGHTS}
from (
  select c.*, coalesce(
    (select d.refobjid from pg_depend d
      where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
        and d.refobjsubid > 0 and d.deptype in ('a', 'i')),
    (select u.oid from pg_depend d
      join pg_attrdef f on f.oid = d.objid
      join relation u on u.oid = f.adrelid and not u.relispartition
      where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid
      order by u.nspname, u.relname limit 1)) as table_oid
  from pg_class c where c.relkind = 'S' and c.relnamespace in (select oid from own_schema)) c
join relation r on r.oid = c.table_oid`;

const tableAccess = `
select 'access', r.nspname, r.relname, r.relname, jsonb_build_object(
  'owner', ${joinWords(`
    select pg_get_userbyid(b.relowner) || b.suffix as words from belonging b
    where b.table_oid = r.oid and b.relowner <> ${migrator}`)},
  'missingForOwner', ${joinWords(`
    select p || b.suffix as words from belonging b, unnest(b.rights) p
    where b.table_oid = r.oid and b.relacl is not null and not exists (
      select from aclexplode(b.relacl) g where g.grantee = b.relowner and g.privilege_type = p)`)},
  'missingForCurrentRole', ${joinWords(`
    select p as words
    from unnest(case when r.relkind in ('v', 'm') then array['SELECT'] else array['SELECT', 'INSERT', 'UPDATE', 'DELETE'] end) p
    where not has_table_privilege(r.oid, p)
    union all
    select p || b.suffix from belonging b, unnest(array['USAGE']) p
    where b.table_oid = r.oid and b.suffix <> '' and not has_sequence_privilege(b.oid, p)`)},
  'others', ${joinWords(`
    select g.words from belonging b, lateral (${grantsTo('b.relacl', 'b.relowner', 'b.suffix')}) g
    where b.table_oid = r.oid
    union all
    select g.words from pg_attribute a, lateral (${grantsTo('a.attacl', 'r.relowner', `' (' || a.attname || ')'`)}) g
    where a.attrelid = r.oid and not a.attisdropped`)})
from relation r`;

const sequenceAccess = `
select 'access', s.nspname, '', 'sequence ' || c.relname, jsonb_build_object(
  'owner', ${ownerName('c.relowner')},
  'missingForCurrentRole', case when has_sequence_privilege(c.oid, 'USAGE') then 'none' else 'USAGE' end,
  'others', ${joinWords(grantsTo('c.relacl', 'c.relowner'))})
from pg_class c join own_schema s on s.oid = c.relnamespace
where c.relkind = 'S' and not exists (select from belonging b where b.oid = c.oid)
  and not exists (select from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')`;

const typeAccess = `
select 'access', t.nspname, '', 'type ' || t.typname, jsonb_build_object(
  'owner', ${ownerName('t.typowner')},
  'missingForCurrentRole', case when has_type_privilege(t.oid, 'USAGE') then 'none' else 'USAGE' end,
  'others', ${joinWords(grantsTo(`coalesce(t.typacl, acldefault('T', t.typowner))`, 't.typowner'))})
from own_type t`;

const functionAccess = `
select 'access', p.nspname, '', 'function ' || p.signature, jsonb_build_object(
  'owner', ${ownerName('p.proowner')},
  'missingForCurrentRole', case when has_function_privilege(p.oid, 'EXECUTE') then 'none' else 'EXECUTE' end,
  'others', ${joinWords(grantsTo(`coalesce(p.proacl, acldefault('f', p.proowner))`, 'p.proowner'))})
from routine p`;

// Leaves out USAGE on `public`: PUBLIC has that by default.
const schemaAccess = `
select 'access', n.nspname, '', 'schema ' || n.nspname, jsonb_build_object(
  'owner', case when n.nspowner in (d.datdba, ${migrator}) or not ${isOutsider('n.nspowner')} then 'none'
    else pg_get_userbyid(n.nspowner) end,
  'missingForOwner', ${joinWords(`
    select p as words from unnest(array['USAGE', 'CREATE']) p
    where not has_schema_privilege(${migrator}, n.oid, p)`)},
  'missingForCurrentRole', case when has_schema_privilege(n.oid, 'USAGE') then 'none' else 'USAGE' end,
  'others', ${joinWords(`
    select words from (${grantsTo('n.nspacl', 'n.nspowner')} and (g.privilege_type = 'CREATE' or n.nspname <> 'public')
      and g.grantee not in (${migrator}, d.datdba)) g`)})
from own_schema n, pg_database d where d.datname = current_database()`;

const databaseAccess = `
select 'access', '', '', 'database', jsonb_build_object(
  'owner', case when d.datdba = ${migrator} or not ${isOutsider('d.datdba')} then 'none' else pg_get_userbyid(d.datdba) end,
  'others', ${joinWords(`
    select words from (${grantsTo('d.datacl', 'd.datdba')} and g.privilege_type = 'CREATE'
      and g.grantee <> ${migrator}) g`)})
from pg_database d where d.datname = current_database()`;

// A role that can write to the migrations table decides which migrations the next run skips.
const migrationsTableAccess = `
select 'access', '', '', 'migrations table', jsonb_build_object(
  'owner', ${joinWords(`
    select pg_get_userbyid(l.nspowner) || ', by its schema' as words from migrations_table l, pg_database d
    where d.datname = current_database() and l.nspowner not in (l.relowner, d.datdba) and ${isOutsider('l.nspowner')}`)},
  'missingForOwner', ${joinWords(`
    select p as words from migrations_table l, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
    where not has_table_privilege(l.relowner, l.oid, p)
    union all
    select p || ' on its schema' from migrations_table l, unnest(array['USAGE', 'CREATE']) p
    where not has_schema_privilege(l.relowner, l.relnamespace, p)
    union all
    select 'USAGE on ' || c.relname from migrations_table l
    join pg_depend d on d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = l.oid
      and d.deptype = 'a'
    join pg_class c on c.oid = d.objid and c.relkind = 'S' and not has_sequence_privilege(l.relowner, c.oid, 'USAGE')`)},
  'others', ${joinWords(`
    select words from (
      select g.words from migrations_table l, lateral (${grantsTo('l.relacl', 'l.relowner')} and g.privilege_type <> 'SELECT') g
      union all
      select g.words || ' on its schema' from pg_namespace n,
        lateral (${grantsTo('n.nspacl', 'n.nspowner')} and g.privilege_type <> 'USAGE') g
      where n.nspname = 'drizzle') w`)})`;

// Default privileges for all schemas, and for one schema.
const defaultsOf = `
select '' as nspname, d.* from pg_default_acl d where d.defaclnamespace = 0
union all
select s.nspname, d.* from pg_default_acl d join own_schema s on s.oid = d.defaclnamespace`;

const objectType = `case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
  when 'T' then 'types' else 'schemas' end`;

// An entry for all schemas replaces the built-in default privileges, such as EXECUTE and USAGE for PUBLIC.
const defaultAccess = `
select 'access', n.nspname, '', 'new objects', jsonb_build_object(
  'others', ${joinWords(`
    select g.words || ' on ' || ${objectType} || ' of ' || ${roleName('d.defaclrole')} as words
    from (${defaultsOf}) d, lateral (${grantsTo('d.defaclacl', 'd.defaclrole')}) g
    where d.nspname = n.nspname
      and (d.nspname <> '' or (d.defaclobjtype, g.words) not in (('f', 'PUBLIC EXECUTE'), ('T', 'PUBLIC USAGE')))`)},
  'missingForOwner', ${joinWords(`
    select ${roleName('d.defaclrole')} || '''s own ' || ${objectType} as words
    from (${defaultsOf}) d
    where d.nspname = n.nspname and n.nspname = '' and d.defaclobjtype in ('r', 'S')
      and not exists (select from aclexplode(d.defaclacl) g where g.grantee = d.defaclrole)`)},
  'revoked', ${joinWords(`
    select 'PUBLIC ' || case d.defaclobjtype when 'f' then 'EXECUTE' else 'USAGE' end || ' on ' || ${objectType}
      || ' of ' || ${roleName('d.defaclrole')} as words
    from (${defaultsOf}) d
    where d.nspname = n.nspname and n.nspname = '' and d.defaclobjtype in ('f', 'T')
      and not exists (select from aclexplode(d.defaclacl) g where g.grantee = 0)`)})
from (select '' as nspname union all select nspname from own_schema) n`;

// Members of the owner have all privileges of the owner. Members of pg_read_all_data can read these tables as well.
const members = `
select 'access', '', '', 'members', jsonb_build_object(
  'others', ${joinWords(`
    select pg_get_userbyid(m.member) || ' SELECT as ' || case when m.roleid = ${migrator} then 'the migrator' else r.rolname end as words
    from pg_auth_members m join pg_roles r on r.oid = m.roleid
    where (m.roleid = ${migrator} or r.rolname in ('pg_read_all_data', 'pg_write_all_data'))
      and m.member <> ${migrator} and ${isOutsider('m.member')}`)})`;

/** The table `belonging` of a query of facts. */
export const BELONGINGS = `belonging as (${belongings})`;

/** Each is a SELECT of kind, schema, table, name and attributes, over the tables of `SCOPE` and `BELONGINGS`. */
export const PRIVILEGES: readonly string[] = [
  tableAccess,
  sequenceAccess,
  typeAccess,
  functionAccess,
  schemaAccess,
  databaseAccess,
  migrationsTableAccess,
  defaultAccess,
  members,
];
