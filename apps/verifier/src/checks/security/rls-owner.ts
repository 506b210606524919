import { z } from 'zod';

import { qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { defineCatalogCheck } from './catalog-check.ts';
import { restrictedRolesSql } from './scope.ts';

export const rlsOwner = defineCatalogCheck({
  id: 'security/rls-owner',
  title: 'The policies of a table restrict each role that uses the table, also its owner',
  method:
    'Looks in the catalog for tables without FORCE ROW LEVEL SECURITY that have policies for their owner, and for the other roles that use these tables.',
  why: 'Without FORCE, policies do not apply to the owner of the table, and no other role uses the table: the policies have no effect.',
  remedy: 'ALTER TABLE … FORCE ROW LEVEL SECURITY; or connect as a role that does not own the table.',
  severity: 'warning',
  // No rows if the policies restrict this session, or if the policies are for other roles than the owner.
  rows: `
    select g.nspname as schema, g.relname as name, o.rolname as owner, ${restrictedRolesSql('g.oid')} as "restrictedRoles"
    from guarded g join pg_roles o on o.oid = g.relowner, me,
      lateral (select not me.is_exempt and pg_has_role(me.oid, o.oid, 'USAGE') as is_ours) acting
    where not g.is_forced and not o.rolsuper and not o.rolbypassrls
      and (acting.is_ours or o.rolcanlogin and not exists (select from restricted x where x.table_oid = g.oid))
      and exists (
        select from pg_policy p, unnest(p.polroles) role
        where p.polrelid = g.oid and (role = 0 or pg_has_role(o.oid, role, 'USAGE')))
    order by 1, 2`,
  row: z.object({ schema: z.string(), name: z.string(), owner: z.string(), restrictedRoles: z.array(z.string()) }),
  toFinding: ({ owner, restrictedRoles, ...table }) => ({
    have: `the policies of ${displayName(table)} do not restrict ${owner}, its owner${restrictedRoles.length === 0 ? '' : `; they restrict ${restrictedRoles.join(', ')}`}`,
    want:
      restrictedRoles.length === 0
        ? 'policies that restrict the owner, or another role for the application'
        : 'an application that does not connect as the owner',
    fix: `ALTER TABLE ${qualifiedName(table)} FORCE ROW LEVEL SECURITY;   -- in a migration: pnpm db:generate --custom`,
    about: subjectOf(table),
    follows: ['schema/rls'],
    ...(restrictedRoles.length > 0 && {
      severity: 'info',
      why: 'Without FORCE, policies do not apply to the owner of the table. Migrations need this exemption; the application must connect as another role.',
    }),
  }),
});
