/**
 * The queries behind `readCatalog`: one SELECT per kind of fact, one row per fact, with its attributes as one object of strings. To add an
 * attribute, add a line. An attribute must be equal on every PostgreSQL from 15 on. If an older version does not know a value, the
 * attribute must leave it out: `to_jsonb(row) ->> 'column'` reads a column that older versions do not have.
 *
 * NOT NULL constraints, which PostgreSQL 18 lists with other constraints, are the `nullability` of their column. An index that backs a
 * constraint is part of that constraint's fact. Properties that a partition or a child inherits are listed at the parent.
 */
import { needsOf } from './dependencies-query.ts';
import { isNotFromExtension } from './scope-query.ts';

const tables = `
select 'table' as kind, r.nspname::text as schema, r.relname::text as "table", r.relname::text as name, jsonb_build_object(
  'kind', case r.relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'f' then 'foreign table'
    when 'v' then 'view' else 'materialized view' end,
  'persistence', case r.relpersistence when 'p' then 'permanent' else 'unlogged' end,
  'inherits', coalesce((
    select string_agg(inhparent::regclass::text, ', ' order by inhseqno) from pg_inherits where inhrelid = r.oid), 'none'),
  'inheritedBy', coalesce((
    select string_agg(inhrelid::regclass::text, ', ' order by inhrelid::regclass::text collate "C")
    from pg_inherits where inhparent = r.oid), 'none'),
  'ofType', case when r.reloftype = 0 then 'none' else r.reloftype::regtype::text end,
  'accessMethod', coalesce((select amname::text from pg_am where oid = r.relam), 'none'),
  'replicaIdentity', case r.relreplident when 'd' then 'default' when 'f' then 'full' when 'i' then 'index' else 'nothing' end,
  'options', coalesce((
    select string_agg(o, ', ' order by o collate "C") from unnest(r.reloptions) o), 'none'),
  'partitionKey', coalesce(pg_get_partkeydef(r.oid), 'none'),
  'partitionBound', coalesce(pg_get_expr(r.relpartbound, r.oid), 'none'),
  'foreignServer', coalesce((
    select quote_ident(s.srvname) || coalesce(' (' || array_to_string(f.ftoptions, ', ') || ')', '')
    from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = r.oid), 'none'),
  'needs', ${needsOf('r.oid')}) as attributes
from relation r`;

const columns = `
select 'column', r.nspname, r.relname, a.attname, jsonb_build_object(
  'type', format_type(a.atttypid, a.atttypmod),
  'collation', case a.attcollation when t.typcollation then 'default' else a.attcollation::regcollation::text end,
  'nullability', case when a.attnotnull then 'not null' else 'null' end,
  'validity', case when exists (
    select from pg_constraint k
    where k.conrelid = r.oid and k.contype = 'n' and k.conkey = array[a.attnum] and not k.convalidated)
    then 'not valid' else 'valid' end,
  'default', case when d.oid is null or a.attgenerated <> '' then 'none' else pg_get_expr(d.adbin, d.adrelid) end,
  'generated', case a.attgenerated when '' then 'none' else
    '(' || pg_get_expr(d.adbin, d.adrelid) || ') ' || case a.attgenerated when 's' then 'STORED' else 'VIRTUAL' end end,
  'identity', case when r.relispartition or a.attidentity = '' then 'none' when a.attidentity = 'a' then 'ALWAYS' else 'BY DEFAULT' end,
  'position', row_number() over (partition by r.oid order by a.attnum)::text)
from relation r
join pg_attribute a on a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
join pg_type t on t.oid = a.atttypid
left join pg_attrdef d on d.adrelid = r.oid and d.adnum = a.attnum`;

// A failed concurrent build leaves an index that no query uses, and that writes may still maintain. No query uses an index of a table
// whose relhasindex is off.
const indexState = `coalesce(nullif(concat_ws(', ',
  case when not (select relhasindex from pg_class where oid = i.indrelid) then 'ignored' end,
  case when not i.indisvalid then 'invalid' end,
  case when not i.indisready then 'not ready' end,
  case when not i.indislive then 'not live' end), ''), 'usable')`;

// Prints a key as CREATE INDEX spells it, without the defaults of the column and the type.
const indexKeys = `(
  select string_agg(pg_get_indexdef(i.indexrelid, n, false)
    || case when i.indcollation[n - 1] = coalesce(a.attcollation, t.typcollation) then ''
       else ' COLLATE ' || i.indcollation[n - 1]::regcollation::text end
    || case when o.opcdefault then '' else ' ' || o.opcname end
    || coalesce(' (' || array_to_string(ia.attoptions, ', ') || ')', '')
    || case i.indoption[n - 1] & 3 when 1 then ' DESC NULLS LAST' when 2 then ' NULLS FIRST' when 3 then ' DESC' else '' end,
    ', ' order by n)
  from generate_series(1, i.indnkeyatts::int) n
  join pg_attribute ia on ia.attrelid = i.indexrelid and ia.attnum = n
  join pg_type t on t.oid = ia.atttypid
  join pg_opclass o on o.oid = i.indclass[n - 1]
  left join pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[n - 1])`;

const indexes = `
select 'index', r.nspname, r.relname, c.relname, jsonb_build_object(
  'unique', case when i.indisunique then 'unique' else 'not unique' end,
  'method', am.amname,
  'keys', ${indexKeys},
  'include', coalesce((
    select string_agg(pg_get_indexdef(i.indexrelid, n, false), ', ' order by n)
    from generate_series(i.indnkeyatts + 1, i.indnatts) n), 'none'),
  'nulls', case when i.indnullsnotdistinct then 'not distinct' else 'distinct' end,
  'predicate', coalesce(pg_get_expr(i.indpred, i.indrelid), 'none'),
  'options', coalesce((select string_agg(o, ', ' order by o collate "C") from unnest(c.reloptions) o), 'none'),
  'indexState', ${indexState},
  'definition', pg_get_indexdef(i.indexrelid))
from relation r
join pg_index i on i.indrelid = r.oid
join pg_class c on c.oid = i.indexrelid
join pg_am am on am.oid = c.relam
where not c.relispartition
  and not exists (select from pg_constraint k where k.conindid = c.oid and k.contype in ('p', 'u', 'x'))`;

// Four triggers enforce a foreign key, two on each table, and set `relhastriggers`. A NOT ENFORCED foreign key (PostgreSQL 18) has
// no triggers.
const disabledTriggers = `case when k.contype <> 'f' or to_jsonb(k) ->> 'conenforced' = 'false' then 'none' else (
  select case when count(*) = 4 and bool_and(t.tgenabled = 'O' and c.relhastriggers) then 'none' else 'of the foreign key' end
  from pg_trigger t join pg_class c on c.oid = t.tgrelid where t.tgconstraint = k.oid) end`;

const constraints = `
select 'constraint', r.nspname, r.relname, k.conname, jsonb_build_object(
  'constraintType', case k.contype when 'p' then 'primary key' when 'f' then 'foreign key' when 'u' then 'unique'
    when 'c' then 'check' else 'exclusion' end,
  'terms', regexp_replace(pg_get_constraintdef(k.oid),
    '( DEFERRABLE)?( INITIALLY DEFERRED)?( NOT ENFORCED)?( NOT VALID)?$', ''),
  'deferrable', case when k.condeferred then 'initially deferred' when k.condeferrable then 'initially immediate'
    else 'not deferrable' end,
  'validity', case when to_jsonb(k) ->> 'conenforced' = 'false' then 'not enforced' when k.convalidated then 'valid'
    else 'not valid' end,
  'indexState', coalesce((
    select ${indexState} from pg_index i where i.indexrelid = k.conindid and k.contype in ('p', 'u', 'x')), 'none'),
  'options', coalesce((
    select string_agg(o, ', ' order by o collate "C")
    from pg_class c, unnest(c.reloptions) o where c.oid = k.conindid and k.contype in ('p', 'u', 'x')), 'none'),
  'disabledTriggers', ${disabledTriggers},
  'definition', pg_get_constraintdef(k.oid))
from relation r
join pg_constraint k on k.conrelid = r.oid and k.contype in ('p', 'f', 'u', 'c', 'x')
where k.conislocal and k.conparentid = 0`;

// ALTER SEQUENCE … AS also changes the maximum, so a maximum that is the type's default is not compared separately. The persistence that a
// sequence inherits from its table is not compared either.
const sequences = `
select 'sequence', s.nspname, case when t.relnamespace = c.relnamespace then t.relname else '' end, c.relname, jsonb_build_object(
  'type', format_type(q.seqtypid, null),
  'start', q.seqstart::text,
  'increment', q.seqincrement::text,
  'minimum', q.seqmin::text,
  'maximum', case when q.seqmax = case q.seqtypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647
    else 9223372036854775807 end then 'of its type' else q.seqmax::text end,
  'cache', q.seqcache::text,
  'persistence', case when c.relpersistence = coalesce(t.relpersistence, 'p') then 'of its table'
    when c.relpersistence = 'p' then 'permanent' else 'unlogged' end,
  'cycle', case when q.seqcycle then 'cycle' else 'no cycle' end,
  'ownedBy', coalesce(
    case when t.relnamespace = c.relnamespace then '' else (select nspname from pg_namespace where oid = t.relnamespace) || '.' end
    || t.relname || '.' || a.attname, 'none'))
from pg_sequence q
join pg_class c on c.oid = q.seqrelid and ${isNotFromExtension('pg_class', 'c.oid')}
join own_schema s on s.oid = c.relnamespace
left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
  and d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0
left join pg_class t on t.oid = d.refobjid
left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid`;

/** Each is a SELECT of kind, schema, table, name and attributes, over the tables of `SCOPE` and `NEEDS`. */
export const STRUCTURE: readonly string[] = [tables, columns, indexes, constraints, sequences];
