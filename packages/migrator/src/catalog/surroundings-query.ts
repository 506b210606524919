/**
 * The queries behind `readCatalog(session, { isWhole: true })`: who may do what, what is stored how, and what code runs
 * without being called. As in `facts-query.ts`, what is said must be equal on every PostgreSQL from 15 on and for every
 * role; roles are therefore told apart by their part (the owner, this session's, others), not by name.
 *
 * What belongs to a table is gathered in one fact per table, so that a column or a sequence that is missing is missed once.
 */
import { isOwn } from './extension.ts';

/** Who runs the migrations: the tables are theirs as well. Where nobody did yet, the owner of the database. */
const migrator = `coalesce(
  (select c.relowner from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'drizzle' and c.relname = '__drizzle_migrations'),
  (select datdba from pg_database where datname = current_database()))`;

// Roles that a provider gives every database and whoever is a member of one, and those that may do everything anyway.
const PROVIDED = `('neon_superuser', 'cloud_admin', 'rds_superuser', 'rdsadmin', 'cloudsqlsuperuser', 'azure_pg_admin',
  'pg_database_owner')`;
const isOutsider = (role: string): string => `(${role} = 0 or not exists (
  select from pg_roles p where p.oid = ${role} and (p.rolsuper or p.rolname in ${PROVIDED} or exists (
    select from pg_auth_members m join pg_roles q on q.oid = m.roleid
    where m.member = p.oid and q.rolname in ${PROVIDED}))))`;

const roleName = (role: string): string => `case ${role} when 0 then 'PUBLIC' else pg_get_userbyid(${role}) end`;

/** What an access list gives to whom, such as `PUBLIC SELECT`. */
const grantsTo = (acl: string, owner: string, suffix = `''`): string => `
  select ${roleName('g.grantee')} || ' ' || g.privilege_type || ${suffix} as words
  from aclexplode(${acl}) g where g.grantee <> ${owner} and ${isOutsider('g.grantee')}`;

const listed = (query: string): string =>
  `coalesce((select string_agg(words, ', ' order by words collate "C") from (${query}) w), 'none')`;

const TABLE_RIGHTS = `array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']`;
const SEQUENCE_RIGHTS = `array['SELECT', 'UPDATE', 'USAGE']`;

// A table and the sequences of its columns: those that belong to them, and those that their defaults count with.
const belongings = `
select r.oid as table_oid, r.oid, r.relowner, r.relacl, '' as suffix, ${TABLE_RIGHTS} as rights from relation r
union all
select r.oid, c.oid, c.relowner, c.relacl, ' on ' || c.relname, ${SEQUENCE_RIGHTS}
from relation r
join pg_class c on c.relkind = 'S' and (
  exists (select from pg_depend d
    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass
      and d.refobjid = r.oid and d.refobjsubid > 0 and d.deptype in ('a', 'i'))
  or exists (select from pg_depend d join pg_attrdef f on f.oid = d.objid
    where d.classid = 'pg_attrdef'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid
      and f.adrelid = r.oid))`;

const tableAccess = `
select 'access' as kind, r.relname::text as "table", r.relname::text as name, jsonb_build_object(
  'owner', ${listed(`
    select pg_get_userbyid(b.relowner) || b.suffix as words from (${belongings}) b
    where b.table_oid = r.oid and b.relowner <> ${migrator}`)},
  'lostByOwner', ${listed(`
    select p || b.suffix as words from (${belongings}) b, unnest(b.rights) p
    where b.table_oid = r.oid and b.relacl is not null and not exists (
      select from aclexplode(b.relacl) g where g.grantee = b.relowner and g.privilege_type = p)`)},
  'lackedByUs', ${listed(`
    select p as words from unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
    where not has_table_privilege(r.oid, p)
    union all
    select p || b.suffix from (${belongings}) b, unnest(array['USAGE']) p
    where b.table_oid = r.oid and b.suffix <> '' and not has_sequence_privilege(b.oid, p)`)},
  'others', ${listed(`
    select g.words from (${belongings}) b, lateral (${grantsTo('b.relacl', 'b.relowner', 'b.suffix')}) g
    where b.table_oid = r.oid
    union all
    select g.words from pg_attribute a, lateral (${grantsTo('a.attacl', 'r.relowner', `' (' || a.attname || ')'`)}) g
    where a.attrelid = r.oid and not a.attisdropped`)}) as attributes
from relation r where r.relkind in ('r', 'p', 'f')`;

const publicAccess = `
select 'access', '', 'schema public', jsonb_build_object(
  'owner', case when n.nspowner in (d.datdba, ${migrator}) or not ${isOutsider('n.nspowner')} then 'none'
    else pg_get_userbyid(n.nspowner) end,
  'lostByOwner', ${listed(`
    select p as words from unnest(array['USAGE', 'CREATE']) p
    where not has_schema_privilege(${migrator}, n.oid, p)`)},
  'lackedByUs', case when has_schema_privilege(n.oid, 'USAGE') then 'none' else 'USAGE' end,
  'others', ${listed(`
    select words from (${grantsTo('n.nspacl', 'n.nspowner')} and g.privilege_type = 'CREATE'
      and g.grantee not in (${migrator}, d.datdba)) g`)})
from pg_namespace n, pg_database d where n.nspname = 'public' and d.datname = current_database()`;

const databaseAccess = `
select 'access', '', 'database', jsonb_build_object(
  'owner', case when d.datdba = ${migrator} or not ${isOutsider('d.datdba')} then 'none' else pg_get_userbyid(d.datdba) end,
  'others', ${listed(`
    select words from (${grantsTo('d.datacl', 'd.datdba')} and g.privilege_type = 'CREATE'
      and g.grantee <> ${migrator}) g`)})
from pg_database d where d.datname = current_database()`;

const ledger = `
select c.*, n.nspowner, n.nspacl from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'drizzle' and c.relname = '__drizzle_migrations'`;

// Whoever can write there decides what the next migration skips.
const ledgerAccess = `
select 'access', '', 'ledger', jsonb_build_object(
  'owner', ${listed(`
    select pg_get_userbyid(l.nspowner) || ', by its schema' as words from (${ledger}) l, pg_database d
    where d.datname = current_database() and l.nspowner not in (l.relowner, d.datdba) and ${isOutsider('l.nspowner')}`)},
  'lostByOwner', ${listed(`
    select p as words from (${ledger}) l, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
    where not has_table_privilege(l.relowner, l.oid, p)
    union all
    select p || ' on its schema' from (${ledger}) l, unnest(array['USAGE', 'CREATE']) p
    where not has_schema_privilege(l.relowner, l.relnamespace, p)
    union all
    select 'USAGE on ' || c.relname from (${ledger}) l
    join pg_depend d on d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = l.oid
      and d.deptype = 'a'
    join pg_class c on c.oid = d.objid and c.relkind = 'S' and not has_sequence_privilege(l.relowner, c.oid, 'USAGE')`)},
  'others', ${listed(`
    select words from (
      select g.words from (${ledger}) l, lateral (${grantsTo('l.relacl', 'l.relowner')} and g.privilege_type <> 'SELECT') g
      union all
      select g.words || ' on its schema' from pg_namespace n,
        lateral (${grantsTo('n.nspacl', 'n.nspowner')} and g.privilege_type <> 'USAGE') g
      where n.nspname = 'drizzle') w`)})`;

// An entry replaces the built-in default: EXECUTE and USAGE for everybody are part of that.
const defaultAccess = `
select 'access', '', 'new objects', jsonb_build_object(
  'others', ${listed(`
    select g.words || ' on ' || case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
      when 'T' then 'types' else 'schemas' end || ' of ' || pg_get_userbyid(d.defaclrole) as words
    from pg_default_acl d, lateral (${grantsTo('d.defaclacl', 'd.defaclrole')}) g
    where (d.defaclnamespace = 0 or d.defaclnamespace = to_regnamespace('public'))
      and (d.defaclobjtype, g.words) not in (('f', 'PUBLIC EXECUTE'), ('T', 'PUBLIC USAGE'))`)},
  'lostByOwner', ${listed(`
    select pg_get_userbyid(d.defaclrole) || '''s own ' || case d.defaclobjtype when 'r' then 'tables' else 'sequences' end as words
    from pg_default_acl d
    where d.defaclobjtype in ('r', 'S') and d.defaclnamespace = 0
      and not exists (select from aclexplode(d.defaclacl) g where g.grantee = d.defaclrole)`)})`;

// Who is a member of the owner has all of the owner's rights; who may read everything reads these tables, too.
const members = `
select 'access', '', 'members', jsonb_build_object(
  'others', ${listed(`
    select pg_get_userbyid(m.member) || ' SELECT as ' || r.rolname as words
    from pg_auth_members m join pg_roles r on r.oid = m.roleid
    where (m.roleid = ${migrator} or r.rolname in ('pg_read_all_data', 'pg_write_all_data'))
      and m.member <> ${migrator} and ${isOutsider('m.member')}`)})`;

const rowSecurity = `
select 'row security', r.relname, r.relname, jsonb_build_object(
  'state', case when r.relrowsecurity and r.relforcerowsecurity then 'enabled, also for the owner'
    when r.relrowsecurity then 'enabled' when r.relforcerowsecurity then 'disabled, forced once enabled' else 'disabled' end)
from relation r where r.relkind in ('r', 'p')
union all
select 'row security', '', 'ledger', jsonb_build_object('state', coalesce((
  select case when l.relrowsecurity then 'enabled' else 'disabled' end from (${ledger}) l), 'disabled'))`;

const policies = `
select 'policy', r.relname, p.polname, jsonb_build_object('definition', concat_ws(' ',
  case when p.polpermissive then 'PERMISSIVE' else 'RESTRICTIVE' end,
  'FOR ' || case p.polcmd when '*' then 'ALL' when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' else 'DELETE' end,
  'USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
  'WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'))
from relation r join pg_policy p on p.polrelid = r.oid`;

// Also of the ledger, whose table is not said: one of these can keep the next migration from being recorded.
const watched = `
(select oid, relname from relation union all select oid, '' from (${ledger}) l)`;

const triggers = `
select 'trigger', r.relname, t.tgname, jsonb_build_object('definition', pg_get_triggerdef(t.oid),
  'enabled', case t.tgenabled when 'O' then 'enabled' when 'D' then 'disabled' when 'R' then 'on replicas' else 'always' end)
from ${watched} r join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal and ${isOwn('pg_trigger', 't.oid')}`;

const rules = `
select 'rule', r.relname, w.rulename, jsonb_build_object('definition', regexp_replace(pg_get_ruledef(w.oid), '\\s+', ' ', 'g'))
from ${watched} r join pg_rewrite w on w.ev_class = r.oid and w.rulename <> '_RETURN'`;

const storage = `
select 'storage', r.relname, r.relname, jsonb_build_object(
  'tablespace', coalesce((select spcname from pg_tablespace where oid = r.reltablespace), 'default'),
  'toastOptions', coalesce((
    select string_agg(o, ', ' order by o collate "C") from pg_class t, unnest(t.reloptions) o where t.oid = r.reltoastrelid), 'none'),
  'columns', ${listed(`
    select a.attname || ' ' || v as words from pg_attribute a join pg_type t on t.oid = a.atttypid, unnest(array[
      case when a.attstorage <> t.typstorage then 'storage ' || case a.attstorage when 'p' then 'plain' when 'e' then 'external'
        when 'm' then 'main' else 'extended' end end,
      case when a.attcompression <> '' then 'compression ' || case a.attcompression when 'l' then 'lz4' else 'pglz' end end]) v
    where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped and v is not null`)},
  'indexes', ${listed(`
    select c.relname || ' in tablespace ' || s.spcname as words
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_tablespace s on s.oid = c.reltablespace
    where i.indrelid = r.oid`)},
  'tuning', ${listed(`
    select a.attname || ' ' || v as words from pg_attribute a, unnest(array[
      case when coalesce(a.attstattarget, -1) <> -1 then 'statistics ' || a.attstattarget end,
      array_to_string(a.attoptions, ' ')]) v
    where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped and v is not null
    union all
    select 'clustered by ' || i.indexrelid::regclass from pg_index i where i.indrelid = r.oid and i.indisclustered`)})
from relation r where r.relkind in ('r', 'p')`;

/** An object that stands for itself: it is wanted or it is not. */
const objects = (kind: string, catalog: string, name: string, rest = ''): string => `
select 'object', '', '${kind} ' || ${name}, jsonb_build_object('definition', '${kind}')
from ${catalog} o where ${isOwn(catalog, 'o.oid')} ${rest}`;

const inPublic = (column: string): string => `and o.${column} = to_regnamespace('public')`;

// What initdb makes has a lower number.
const isMade = 'and o.oid >= 16384';

const OBJECTS = [
  // From another schema: it keeps our rows from being deleted all the same.
  objects(
    'foreign key',
    'pg_constraint',
    `o.conrelid::regclass || ' ' || o.conname`,
    `and o.contype = 'f' and o.confrelid in (select oid from relation) and o.conrelid not in (select oid from relation)`,
  ),
  objects('function', 'pg_proc', 'o.oid::regprocedure::text', inPublic('pronamespace')),
  objects(
    'type',
    'pg_type',
    'o.typname',
    `${inPublic('typnamespace')} and o.typtype in ('b', 'c', 'd', 'e', 'p', 'r') and o.typcategory <> 'A'
      and (o.typrelid = 0 or (select relkind from pg_class where oid = o.typrelid) = 'c')`,
  ),
  objects('operator', 'pg_operator', 'o.oid::regoperator::text', inPublic('oprnamespace')),
  objects('operator class', 'pg_opclass', 'o.opcname', inPublic('opcnamespace')),
  objects('operator family', 'pg_opfamily', 'o.opfname', inPublic('opfnamespace')),
  objects('collation', 'pg_collation', 'o.collname', inPublic('collnamespace')),
  objects('conversion', 'pg_conversion', 'o.conname', inPublic('connamespace')),
  objects('text search configuration', 'pg_ts_config', 'o.cfgname', inPublic('cfgnamespace')),
  objects('text search dictionary', 'pg_ts_dict', 'o.dictname', inPublic('dictnamespace')),
  objects('text search parser', 'pg_ts_parser', 'o.prsname', inPublic('prsnamespace')),
  objects('text search template', 'pg_ts_template', 'o.tmplname', inPublic('tmplnamespace')),
  objects('statistics', 'pg_statistic_ext', 'o.stxname', 'and o.stxrelid in (select oid from relation)'),
  objects('cast', 'pg_cast', `format_type(o.castsource, null) || ' to ' || format_type(o.casttarget, null)`, isMade),
  objects('language', 'pg_language', 'o.lanname', isMade),
  objects('access method', 'pg_am', 'o.amname', isMade),
  objects('foreign data wrapper', 'pg_foreign_data_wrapper', 'o.fdwname'),
  objects('foreign server', 'pg_foreign_server', 'o.srvname'),
  objects('publication', 'pg_publication', 'o.pubname'),
  objects('event trigger', 'pg_event_trigger', 'o.evtname'),
  objects(
    'subscription',
    'pg_subscription',
    'o.subname',
    'and o.subdbid = (select oid from pg_database where datname = current_database())',
  ),
];

/** Each a SELECT of kind, table, name and attributes, over the `relation` of `facts-query.ts`. */
export const SURROUNDINGS: readonly string[] = [
  tableAccess,
  publicAccess,
  databaseAccess,
  ledgerAccess,
  defaultAccess,
  members,
  rowSecurity,
  policies,
  triggers,
  rules,
  storage,
  ...OBJECTS,
];
