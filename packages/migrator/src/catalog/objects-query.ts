/**
 * The queries of schemas, types, functions, views, policies, triggers, rules and other objects. As in `structure-query.ts`, facts must be
 * equal on every PostgreSQL from 15 on and for every role.
 */
import { needsOf } from './dependencies-query.ts';
import { joinWords, roleName } from './roles-query.ts';
import { isNotFromExtension } from './scope-query.ts';

const schemas = `
select 'schema', s.nspname, '', s.nspname, jsonb_build_object('definition', 'schema') from own_schema s`;

// Leaves out the version, which depends on the server.
const extensions = `
select 'extension', '', '', e.extname, jsonb_build_object('definition', 'extension', 'installedIn', n.nspname)
from pg_extension e join pg_namespace n on n.oid = e.extnamespace`;

const enumLabels = `(
  select string_agg('''' || replace(l.enumlabel, '''', '''''') || '''', ', ' order by l.enumsortorder)
  from pg_enum l where l.enumtypid = t.oid)`;
const compositeAttributes = `(
  select string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
    || case when a.attcollation = y.typcollation then '' else ' COLLATE ' || a.attcollation::regcollation::text end,
    ', ' order by a.attnum)
  from pg_attribute a join pg_type y on y.oid = a.atttypid
  where t.typtype = 'c' and a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped)`;
// Leaves out the defaults of the subtype.
const rangeTerms = `(
  select concat_ws(', ', 'SUBTYPE = ' || format_type(g.rngsubtype, null),
    case when not o.opcdefault then 'SUBTYPE_OPCLASS = ' || o.opcnamespace::regnamespace || '.' || quote_ident(o.opcname) end,
    case when g.rngcollation <> y.typcollation then 'COLLATION = ' || g.rngcollation::regcollation end,
    case when g.rngsubdiff <> 0 then 'SUBTYPE_DIFF = ' || g.rngsubdiff::regproc end,
    'MULTIRANGE_TYPE_NAME = ' || m.typnamespace::regnamespace || '.' || quote_ident(m.typname))
  from pg_range g join pg_opclass o on o.oid = g.rngsubopc join pg_type y on y.oid = g.rngsubtype
  join pg_type m on m.oid = g.rngmultitypid
  where g.rngtypid = t.oid)`;
const domainBase = `case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end`;
const domainCollation = `case when t.typtype = 'd' and t.typcollation <> b.typcollation then t.typcollation::regcollation::text end`;
const domainDefault = `case when t.typtype = 'd' then pg_get_expr(t.typdefaultbin, 0) end`;

const types = `
select 'type', t.nspname, '', t.typname, jsonb_build_object(
  'kind', case t.typtype when 'e' then 'enum' when 'd' then 'domain' when 'c' then 'composite' when 'r' then 'range'
    when 'p' then 'pseudo' else 'base' end,
  'labels', coalesce(${enumLabels}, 'none'),
  'base', coalesce(${domainBase}, 'none'),
  'collation', coalesce(${domainCollation}, 'default'),
  'nullability', case when t.typnotnull then 'not null' else 'null' end,
  'default', coalesce(${domainDefault}, 'none'),
  'attributes', coalesce(${compositeAttributes}, 'none'),
  'subtype', coalesce(${rangeTerms}, 'none'),
  'definition', case t.typtype when 'e' then 'ENUM (' || coalesce(${enumLabels}, '') || ')'
    when 'd' then concat_ws(' ', ${domainBase}, 'COLLATE ' || ${domainCollation}, 'DEFAULT ' || ${domainDefault},
      case when t.typnotnull then 'NOT NULL' end)
    when 'c' then '(' || coalesce(${compositeAttributes}, '') || ')'
    when 'r' then 'RANGE (' || ${rangeTerms} || ')' else 'type' end,
  'needs', ${needsOf('t.oid')})
from own_type t left join pg_type b on b.oid = t.typbasetype`;

const domainConstraints = `
select 'domain constraint', t.nspname, t.typname, k.conname, jsonb_build_object('definition', pg_get_constraintdef(k.oid))
from own_type t join pg_constraint k on k.contypid = t.oid and k.contype = 'c'`;

// pg_get_functiondef raises an error for aggregates.
const aggregate = `(
  select 'CREATE AGGREGATE ' || quote_ident(p.nspname) || '.' || quote_ident(p.proname) || '('
    || case when a.aggkind = 'n' and p.pronargs = 0 then '*' else pg_get_function_arguments(p.oid) end || ') ('
    || concat_ws(', ', 'SFUNC = ' || a.aggtransfn::regproc, 'STYPE = ' || format_type(a.aggtranstype, null),
      case when a.aggfinalfn <> 0 then 'FINALFUNC = ' || a.aggfinalfn end,
      case when a.aggcombinefn <> 0 then 'COMBINEFUNC = ' || a.aggcombinefn end,
      'INITCOND = ' || quote_literal(a.agginitval),
      case p.proparallel when 's' then 'PARALLEL = SAFE' when 'r' then 'PARALLEL = RESTRICTED' end,
      case when a.aggkind = 'h' then 'HYPOTHETICAL' end) || ')'
  from pg_aggregate a where a.aggfnoid = p.oid)`;

const functions = `
select 'function', p.nspname, '', p.signature, jsonb_build_object(
  'definition', case when p.prokind = 'a' then ${aggregate} else pg_get_functiondef(p.oid) end,
  'needs', ${needsOf('p.oid')})
from routine p`;

const views = `
select 'view', r.nspname, r.relname, r.relname, jsonb_build_object('definition', pg_get_viewdef(r.oid))
from relation r where r.relkind in ('v', 'm')`;

const rowSecurity = `
select 'row security', r.nspname, r.relname, r.relname, jsonb_build_object(
  'state', case when r.relrowsecurity and r.relforcerowsecurity then 'enabled, also for the owner'
    when r.relrowsecurity then 'enabled' when r.relforcerowsecurity then 'disabled, forced once enabled' else 'disabled' end)
from relation r where r.relkind in ('r', 'p')
union all
select 'row security', '', '', 'migrations table', jsonb_build_object('state', coalesce((
  select case when l.relrowsecurity then 'enabled' else 'disabled' end from migrations_table l), 'disabled'))`;

const policyRoles = `(
  select string_agg(words, ', ' order by words collate "C")
  from (select case when role = 0 or role = (select oid from migrator) then ${roleName('role')}
      else quote_ident(${roleName('role')}) end as words
    from unnest(p.polroles) role) named)`;

const policies = `
select 'policy', r.nspname, r.relname, p.polname, jsonb_build_object(
  'mode', case when p.polpermissive then 'PERMISSIVE' else 'RESTRICTIVE' end,
  'command', case p.polcmd when '*' then 'ALL' when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' else 'DELETE' end,
  'roles', ${policyRoles},
  'using', coalesce(pg_get_expr(p.polqual, p.polrelid), 'none'),
  'check', coalesce(pg_get_expr(p.polwithcheck, p.polrelid), 'none'),
  'definition', concat_ws(' ', case when p.polpermissive then 'PERMISSIVE' else 'RESTRICTIVE' end,
    'FOR ' || case p.polcmd when '*' then 'ALL' when 'r' then 'SELECT' when 'a' then 'INSERT' when 'w' then 'UPDATE' else 'DELETE' end,
    'TO ' || ${policyRoles},
    'USING (' || pg_get_expr(p.polqual, p.polrelid) || ')',
    'WITH CHECK (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'))
from relation r join pg_policy p on p.polrelid = r.oid`;

// Includes the migrations table, with an empty name: a trigger or rule on it can prevent the record of a migration.
const withMigrationsTable = `
(select oid, relname, nspname from relation union all select oid, '', '' from migrations_table l)`;

/** An SQL expression: when a trigger or a rule runs, from the letter in the column. */
const enabledState = (column: string): string => `case ${column} when 'O' then 'enabled' when 'D' then 'disabled'
  when 'R' then 'on replicas' else 'always' end`;

// Triggers that a partition inherits are listed at the parent.
const triggers = `
select 'trigger', r.nspname, r.relname, t.tgname, jsonb_build_object('definition', pg_get_triggerdef(t.oid),
  'enabled', ${enabledState('t.tgenabled')})
from ${withMigrationsTable} r
join pg_trigger t on t.tgrelid = r.oid and not t.tgisinternal and t.tgparentid = 0 and ${isNotFromExtension('pg_trigger', 't.oid')}`;

const rules = `
select 'rule', r.nspname, r.relname, w.rulename, jsonb_build_object('definition', pg_get_ruledef(w.oid),
  'enabled', ${enabledState('w.ev_enabled')})
from ${withMigrationsTable} r join pg_rewrite w on w.ev_class = r.oid and w.rulename <> '_RETURN'`;

const storage = `
select 'storage', r.nspname, r.relname, r.relname, jsonb_build_object(
  'tablespace', coalesce((select spcname from pg_tablespace where oid = r.reltablespace), 'default'),
  'toastOptions', coalesce((
    select string_agg(o, ', ' order by o collate "C") from pg_class t, unnest(t.reloptions) o where t.oid = r.reltoastrelid), 'none'),
  'columns', ${joinWords(`
    select a.attname || ' ' || v as words from pg_attribute a join pg_type t on t.oid = a.atttypid, unnest(array[
      case when a.attstorage <> t.typstorage then 'storage ' || case a.attstorage when 'p' then 'plain' when 'e' then 'external'
        when 'm' then 'main' else 'extended' end end,
      case when a.attcompression <> '' then 'compression ' || case a.attcompression when 'l' then 'lz4' else 'pglz' end end]) v
    where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped and v is not null`)},
  'indexes', ${joinWords(`
    select c.relname || ' in tablespace ' || s.spcname as words
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_tablespace s on s.oid = c.reltablespace
    where i.indrelid = r.oid`)},
  'tuning', ${joinWords(`
    select a.attname || ' ' || v as words from pg_attribute a, unnest(array[
      case when coalesce(a.attstattarget, -1) <> -1 then 'statistics ' || a.attstattarget end,
      array_to_string(a.attoptions, ' ')]) v
    where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped and v is not null
    union all
    select 'clustered by ' || i.indexrelid::regclass from pg_index i where i.indrelid = r.oid and i.indisclustered`)})
from relation r where r.relkind in ('r', 'p')`;

const comments = `
select 'comment', r.nspname, r.relname, coalesce(a.attname, ''), jsonb_build_object('text', d.description)
from relation r
join pg_description d on d.classoid = 'pg_class'::regclass and d.objoid = r.oid
left join pg_attribute a on a.attrelid = r.oid and a.attnum = d.objsubid and d.objsubid > 0`;

/** SQL about the row `o` of a system catalog. */
interface ObjectSql {
  /** An expression: the object's schema. Default: empty. */
  readonly schema?: string;
  /** Conditions, each after `and`. Default: all rows. */
  readonly conditions?: string;
  /** An expression. Default: the kind, so that only names are compared. */
  readonly definition?: string;
}

/** The query of all objects in a system catalog. `name` is an SQL expression for the name of an object. */
function objects(kind: string, catalog: string, name: string, sql: ObjectSql = {}): string {
  const { schema = `''`, conditions = '', definition = `'${kind}'` } = sql;
  return `
select 'object', ${schema}, '', '${kind} ' || ${name}, jsonb_build_object('definition', ${definition})
from ${catalog} o where ${isNotFromExtension(catalog, 'o.oid')} ${conditions}`;
}

/** The query of the objects of a kind that belong to a schema. `schemaColumn` is the column with the schema's oid. */
function objectsIn(kind: string, catalog: string, schemaColumn: string, name: string, definition?: string): string {
  return objects(kind, catalog, name, {
    schema: `(select nspname from own_schema where oid = o.${schemaColumn})`,
    conditions: `and o.${schemaColumn} in (select oid from own_schema)`,
    ...(definition !== undefined && { definition }),
  });
}

// `FirstNormalObjectId` in `access/transam.h`: objects that initdb creates have lower oids.
const notFromInitdb = { conditions: 'and o.oid >= 16384' };

// A foreign key in another schema that refers to one of our tables. If the other schema is ours, the key is a `constraint` as well.
const foreignKeysFromOutside = `
select 'object', r.nspname, '', 'foreign key ' || o.conrelid::regclass || ' ' || o.conname, jsonb_build_object(
  'definition', 'foreign key', 'from', n.nspname)
from pg_constraint o
join relation r on r.oid = o.confrelid
join pg_class c on c.oid = o.conrelid
join pg_namespace n on n.oid = c.relnamespace and n.oid <> r.relnamespace
where o.contype = 'f' and o.conparentid = 0 and ${isNotFromExtension('pg_constraint', 'o.oid')}`;

const publication = `concat_ws(' ', 'publication', case when o.puballtables then 'of all tables' end, (
  select 'of ' || string_agg(e.prrelid::regclass::text, ', ' order by e.prrelid::regclass::text collate "C")
  from pg_publication_rel e where e.prpubid = o.oid))`;

const eventTrigger = `concat_ws(' ', 'on', o.evtevent, 'execute', o.evtfoid::regproc, 'when tag in ' || o.evttags::text,
  case when o.evtenabled = 'D' then 'disabled' end)`;

/** Each is a SELECT of kind, schema, table, name and attributes, over the tables of `SCOPE` and `NEEDS`. */
export const OBJECTS: readonly string[] = [
  schemas,
  extensions,
  types,
  domainConstraints,
  functions,
  views,
  rowSecurity,
  policies,
  triggers,
  rules,
  storage,
  comments,
  foreignKeysFromOutside,
  objectsIn('operator', 'pg_operator', 'oprnamespace', 'o.oid::regoperator::text'),
  objectsIn('operator class', 'pg_opclass', 'opcnamespace', 'o.opcname'),
  objectsIn('operator family', 'pg_opfamily', 'opfnamespace', 'o.opfname'),
  objectsIn('collation', 'pg_collation', 'collnamespace', 'o.collname'),
  objectsIn('conversion', 'pg_conversion', 'connamespace', 'o.conname'),
  objectsIn('text search configuration', 'pg_ts_config', 'cfgnamespace', 'o.cfgname'),
  objectsIn('text search dictionary', 'pg_ts_dict', 'dictnamespace', 'o.dictname'),
  objectsIn('text search parser', 'pg_ts_parser', 'prsnamespace', 'o.prsname'),
  objectsIn('text search template', 'pg_ts_template', 'tmplnamespace', 'o.tmplname'),
  objectsIn('statistics', 'pg_statistic_ext', 'stxnamespace', 'o.stxname', 'pg_get_statisticsobjdef(o.oid)'),
  objects('cast', 'pg_cast', `format_type(o.castsource, null) || ' to ' || format_type(o.casttarget, null)`, {
    // CREATE TYPE AS RANGE creates a cast to the multirange.
    conditions: `${notFromInitdb.conditions} and not exists (
      select from pg_depend d where d.classid = 'pg_cast'::regclass and d.objid = o.oid and d.deptype = 'i')`,
  }),
  objects('language', 'pg_language', 'o.lanname', notFromInitdb),
  objects('access method', 'pg_am', 'o.amname', notFromInitdb),
  objects('foreign data wrapper', 'pg_foreign_data_wrapper', 'o.fdwname'),
  objects('foreign server', 'pg_foreign_server', 'o.srvname'),
  objects('publication', 'pg_publication', 'o.pubname', { definition: publication }),
  objects('event trigger', 'pg_event_trigger', 'o.evtname', { definition: eventTrigger }),
  objects('subscription', 'pg_subscription', 'o.subname', {
    conditions: 'and o.subdbid = (select oid from pg_database where datname = current_database())',
  }),
];
