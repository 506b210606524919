import { quoted } from '@todo/migrator/catalog';
import { z } from 'zod';

import { qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { defineCatalogCheck } from './catalog-check.ts';

const Name = z.object({ schema: z.string(), name: z.string() });

const View = Name.extend({
  /** The owner of the innermost view without security_invoker. The tables are read with the privileges of this owner. */
  owner: z.string(),
  /** The views without security_invoker between this view and the tables. This view may be one of them. */
  via: z.array(Name.extend({ isMaterialized: z.boolean() })),
  tables: z.array(Name),
  readers: z.array(z.string()),
});

export const rlsView = defineCatalogCheck({
  id: 'security/rls-view',
  title: 'No view shows rows that policies hide from its reader',
  method:
    'Looks in the catalog for views that other roles may read and that read a table with policies, also through views, as an owner that the policies do not restrict.',
  why: 'A view without security_invoker reads its tables with the rights of its owner: its readers see all rows, and the policies do not apply.',
  remedy: 'ALTER VIEW … SET (security_invoker = true); in the code: pgView(…).with({ securityInvoker: true })',
  severity: 'warning',
  // Follows views from the guarded tables upwards. `via` collects the views without security_invoker, the innermost first.
  rows: `
    with recursive a_view as materialized (
      select r.oid, r.nspname, r.relname, r.relkind, r.relowner, r.relacl, coalesce((
        select option_value::boolean from pg_options_to_table(r.reloptions) where option_name = 'security_invoker'), false) as is_invoker
      from relation r where r.relkind in ('v', 'm')),
    reading as materialized (
      select distinct w.ev_class as view, d.refobjid as source from pg_rewrite w
      join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass
      where d.refobjid <> w.ev_class and w.ev_type = '1'),
    exposure(view, source, via) as (
      select r.view, r.source, case when v.is_invoker then '{}' else array[v.oid] end
      from reading r join guarded g on g.oid = r.source join a_view v on v.oid = r.view
      union
      select r.view, e.source, e.via || case when v.is_invoker then '{}' else array[v.oid] end
      from reading r join exposure e on e.view = r.source join a_view v on v.oid = r.view)
    select v.nspname as schema, v.relname as name, o.rolname as owner,
      jsonb_agg(distinct jsonb_build_object('schema', u.nspname, 'name', u.relname, 'isMaterialized', u.relkind = 'm')) as via,
      jsonb_agg(distinct jsonb_build_object('schema', g.nspname, 'name', g.relname)) as tables,
      jsonb_agg(distinct case a.grantee when 0 then 'PUBLIC' else s.rolname::text end) as readers
    from exposure e
    join a_view v on v.oid = e.view
    join a_view first on first.oid = e.via[1]
    join pg_roles o on o.oid = first.relowner
    join a_view u on u.oid = any(e.via)
    join guarded g on g.oid = e.source
    cross join lateral aclexplode(v.relacl) a
    left join subject s on s.oid = a.grantee
    where (o.rolsuper or o.rolbypassrls or not g.is_forced and pg_has_role(o.oid, g.relowner, 'USAGE'))
      and a.privilege_type = 'SELECT' and a.grantee <> v.relowner
      and (a.grantee = 0 or s.oid is not null and (g.is_forced or not pg_has_role(s.oid, g.relowner, 'USAGE')))
    group by v.nspname, v.relname, o.rolname
    order by 1, 2`,
  row: View,
  toFinding: ({ owner, via, tables, readers, ...view }) => {
    const otherViews = via.filter((each) => each.schema !== view.schema || each.name !== view.name).map(displayName);
    const isStored = via.some(({ isMaterialized }) => isMaterialized);
    return {
      have: [
        `the view ${displayName(view)}, which ${readers.join(', ')} may read, reads ${tables.map(displayName).join(', ')}`,
        ...(otherViews.length === 0 ? [] : [`through ${otherViews.join(', ')}`]),
        `as ${owner}, which the policies do not restrict`,
      ].join(' '),
      want: isStored
        ? 'no rights of other roles on a materialized view, whose rows were stored without the policies'
        : 'security_invoker, so that the view reads with the rights of its reader',
      fix: isStored
        ? `REVOKE SELECT ON ${qualifiedName(view)} FROM ${readers.map((name) => (name === 'PUBLIC' ? name : quoted(name))).join(', ')};`
        : via.map((each) => `ALTER VIEW ${qualifiedName(each)} SET (security_invoker = true);`).join('\n'),
      about: subjectOf(view),
      follows: ['schema/privileges', 'schema/extra-object', 'schema/table-options'],
    };
  },
});
