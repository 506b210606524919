/** The query of `readTables`: one row per table, as JSON text. `to_jsonb(row) ->> 'column'` reads a column that old versions lack. */
import { isNotFromExtension } from '../catalog/scope-query.ts';

const jsonArraySql = (expression: string, order: string, from: string): string =>
  `coalesce((select json_agg(${expression} order by ${order}) ${from}), '[]'::json)`;

/** SQL of the names of a relation's columns, in the order of their numbers in the array `numbers`. */
const columnNames = (relation: string, numbers: string): string =>
  jsonArraySql(
    'a.attname',
    'u.position',
    `from unnest(${numbers}) with ordinality u(number, position)
     join pg_attribute a on a.attrelid = ${relation} and a.attnum = u.number`,
  );

/** SQL of the type below all domains: its oid, its modifiers, and whether one of the domains refuses null or has a CHECK. */
const baseTypeOf = (type: string, modifier: string): string => `(
  with recursive layer as (
    select t.oid, t.typtype, t.typbasetype, t.typtypmod, ${modifier} as modifier, t.typnotnull as "isNotNull", 0 as depth
    from pg_type t where t.oid = ${type}
    union all
    select t.oid, t.typtype, t.typbasetype, t.typtypmod, l.typtypmod, l."isNotNull" or t.typnotnull, l.depth + 1
    from layer l join pg_type t on t.oid = l.typbasetype where l.typtype = 'd')
  select l.oid, l.modifier, l."isNotNull", exists (
      select from layer d join pg_constraint k on k.contypid = d.oid and k.contype = 'c') as "isRestricted"
  from layer l order by depth desc limit 1)`;

const typeFields = (base: string): string => `
  'baseType', format_type(${base}.oid, ${base}.modifier),
  'category', (select t.typcategory from pg_type t where t.oid = ${base}.oid),
  'labels', (select json_agg(l.enumlabel order by l.enumsortorder) from pg_enum l where l.enumtypid = ${base}.oid)`;

/** The type of an element or a field. The CHECKs of its domains are not evaluated. */
const partFields = (base: string): string => `${typeFields(base)}, 'isRestricted', ${base}."isRestricted"`;

/** The modifier of varchar(n) is n plus the four bytes of the header. */
const HEADER_BYTES = 4;

const COLUMNS = jsonArraySql(
  `json_strip_nulls(json_build_object(
    'name', a.attname,
    'type', format_type(a.atttypid, a.atttypmod),
    ${typeFields('base')},
    'isArray', bt.typcategory = 'A',
    'element', case when bt.typcategory = 'A' then (
      select json_strip_nulls(json_build_object(${partFields('e')})) from ${baseTypeOf('bt.typelem', 'base.modifier')} e) end,
    'dimensions', case when bt.typcategory = 'A' then greatest(a.attndims, 1) end,
    'fields', case when bt.typtype = 'c' then (
      select json_agg(json_strip_nulls(json_build_object(${partFields('f')})) order by fa.attnum)
      from pg_attribute fa cross join lateral ${baseTypeOf('fa.atttypid', 'fa.atttypmod')} f
      where fa.attrelid = bt.typrelid and fa.attnum > 0 and not fa.attisdropped) end,
    'maxLength', case when bt.oid in ('varchar'::regtype, 'bpchar'::regtype) and base.modifier > ${HEADER_BYTES} then base.modifier - ${HEADER_BYTES} end,
    'isNullable', not (a.attnotnull or base."isNotNull"),
    'default', case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end,
    'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by default' end,
    'isGenerated', a.attgenerated <> '',
    'generation', case when a.attgenerated <> '' then pg_get_expr(d.adbin, d.adrelid) end,
    'hasSequence', a.attidentity <> '' or (a.attgenerated = '' and coalesce(pg_get_expr(d.adbin, d.adrelid) ~* '\\mnextval\\(', false))
  ))`,
  'a.attnum',
  `from pg_attribute a
   cross join lateral ${baseTypeOf('a.atttypid', 'a.atttypmod')} base
   join pg_type bt on bt.oid = base.oid
   left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped`,
);

/** The keys of an index as expressions, and the predicate of a partial index. */
const indexFields = `
  'keys', (select json_agg(pg_get_indexdef(i.indexrelid, k, false) order by k) from generate_series(1, i.indnkeyatts) k),
  'predicate', pg_get_expr(i.indpred, i.indrelid)`;

/** The columns that the keys, the expressions or the predicate of an index use. */
const dependsOn = jsonArraySql(
  'distinct a.attname',
  'a.attname',
  `from pg_attribute a where a.attrelid = i.indrelid and a.attnum > 0 and (
     a.attnum = any ((i.indkey::int2[])[0:i.indnkeyatts - 1]) or exists (
       select from pg_depend p where p.classid = 'pg_class'::regclass and p.objid = i.indexrelid
         and p.refclassid = 'pg_class'::regclass and p.refobjid = i.indrelid and p.refobjsubid = a.attnum
         and (i.indexprs is not null or i.indpred is not null)))`,
);

const UNIQUE_KEYS = jsonArraySql(
  `json_strip_nulls(json_build_object(
    'name', ic.relname,
    'columns', ${columnNames('i.indrelid', '(i.indkey::int2[])[0:i.indnkeyatts - 1]')},
    'dependsOn', ${dependsOn},
    ${indexFields},
    'isPartial', i.indpred is not null,
    'isNullsNotDistinct', i.indnullsnotdistinct,
    'isDeferred', coalesce(k.condeferred, false)
  ))`,
  'ic.relname',
  `from pg_index i
   join pg_class ic on ic.oid = i.indexrelid
   left join pg_constraint k on k.conindid = i.indexrelid and k.contype in ('p', 'u') and k.conrelid = c.oid
   where i.indrelid = c.oid and i.indisunique and i.indislive`,
);

const EXCLUSIONS = jsonArraySql(
  `json_strip_nulls(json_build_object(
    'name', k.conname,
    'columns', ${dependsOn},
    ${indexFields},
    'operators', (
      select json_agg(format('operator(%I.%s)', on_.nspname, o.oprname) order by u.position)
      from unnest(k.conexclop) with ordinality u(oid, position)
      join pg_operator o on o.oid = u.oid join pg_namespace on_ on on_.oid = o.oprnamespace)))`,
  'k.conname',
  `from pg_constraint k join pg_index i on i.indexrelid = k.conindid where k.conrelid = c.oid and k.contype = 'x'`,
);

const deleteAction = `case k.confdeltype when 'r' then 'restrict' when 'c' then 'cascade'
  when 'n' then 'set null' when 'd' then 'set default' else 'no action' end`;

const FOREIGN_KEYS = jsonArraySql(
  `json_build_object(
    'name', k.conname,
    'columns', ${columnNames('k.conrelid', 'k.conkey')},
    'references', json_build_object('schema', fn.nspname, 'name', fc.relname, 'columns', ${columnNames('k.confrelid', 'k.confkey')}),
    'onDelete', ${deleteAction},
    'isDeferrable', k.condeferrable,
    'isDeferred', k.condeferred
  )`,
  'k.conname',
  `from pg_constraint k
   join pg_class fc on fc.oid = k.confrelid
   join pg_namespace fn on fn.oid = fc.relnamespace
   where k.conrelid = c.oid and k.contype = 'f' and k.conparentid = 0`,
);

/** PostgreSQL 17 and older have no column `conenforced`: all constraints are enforced. */
const isEnforced = `coalesce((to_jsonb(k) ->> 'conenforced')::boolean, true)`;

const CHECKS = jsonArraySql(
  `json_build_object('name', k.conname, 'columns', ${columnNames('k.conrelid', 'k.conkey')}, 'expression', pg_get_expr(k.conbin, k.conrelid))`,
  'k.conname',
  `from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and ${isEnforced}`,
);

/** The expression contains VALUE instead of the column. */
const DOMAIN_CHECKS = jsonArraySql(
  `json_build_object('name', k.conname, 'columns', json_build_array(a.attname), 'expression', pg_get_expr(k.conbin, 0))`,
  'a.attnum, k.conname',
  `from pg_attribute a
   cross join lateral (
     with recursive layer as (
       select t.oid, t.typbasetype from pg_type t where t.oid = a.atttypid and t.typtype = 'd'
       union all
       select t.oid, t.typbasetype from layer l join pg_type t on t.oid = l.typbasetype where t.typtype = 'd')
     select oid from layer) l
   join pg_constraint k on k.contypid = l.oid and k.contype = 'c'
   where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''`,
);

/** A partitioned table accepts the rows that match one of its partitions. */
const PARTITIONS = `case when c.relkind = 'p' then json_build_array(json_build_object(
  'name', 'partitions',
  'columns', ${columnNames('c.oid', '(select p.partattrs::int2[] from pg_partitioned_table p where p.partrelid = c.oid)')},
  'expression', coalesce((
    select string_agg('(' || coalesce(pg_get_partition_constraintdef(h.relid), 'true') || ')', ' or ')
    from pg_partition_tree(c.oid) h where h.isleaf), 'false'))) else '[]'::json end`;

/** @param schemas an SQL condition on the schema `n`. */
export const tablesQuery = (schemas: string): string => `
select json_build_object(
  'schema', n.nspname,
  'name', c.relname,
  'columns', ${COLUMNS},
  'primaryKey', coalesce((
    select ${columnNames('i.indrelid', '(i.indkey::int2[])[0:i.indnkeyatts - 1]')}
    from pg_index i where i.indrelid = c.oid and i.indisprimary), '[]'::json),
  'uniqueKeys', ${UNIQUE_KEYS},
  'foreignKeys', ${FOREIGN_KEYS},
  'checks', ${CHECKS},
  'domainChecks', ${DOMAIN_CHECKS},
  'partitions', ${PARTITIONS},
  'exclusions', ${EXCLUSIONS}
)::text as "table"
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and not c.relispartition and ${schemas} and ${isNotFromExtension('pg_class', 'c.oid')}
order by n.nspname collate "C", c.relname collate "C"`;

/** The schemas of the application. */
export const OWN_SCHEMAS = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'drizzle')`;
