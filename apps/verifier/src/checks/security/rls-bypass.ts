import { isOutsider, quoted } from '@todo/migrator/catalog';
import { z } from 'zod';

import { qualifiedName, displayName } from '../../code-tables.ts';
import { defineCatalogCheck } from './catalog-check.ts';
import { restrictedRolesSql } from './scope.ts';

const Role = z.object({
  role: z.string(),
  /** Whether this session uses the role. */
  isOurs: z.boolean(),
  isSuperuser: z.boolean(),
  /** Whether the provider gives its roles BYPASSRLS. Only the provider can revoke that. */
  isProvided: z.boolean(),
  tables: z.array(z.object({ schema: z.string(), name: z.string(), restrictedRoles: z.array(z.string()) })),
});

export const rlsBypass = defineCatalogCheck({
  id: 'security/rls-bypass',
  title: 'No role that uses a table with policies is exempt from row security',
  method:
    'Reads whether this role is a superuser or has BYPASSRLS, and which other login roles with BYPASSRLS have rights on a table with policies.',
  why: 'No policy restricts such a role, with or without FORCE, and no other role uses the table: the policies have no effect.',
  remedy:
    'Connect as a role without SUPERUSER and BYPASSRLS. On Neon, create the role with CREATE ROLE: roles from Neon’s console, API and CLI have BYPASSRLS.',
  severity: 'warning',
  // Other superusers administer the server, and are left out.
  rows: `
    select r.rolname as role, r.oid = me.oid as "isOurs", r.rolsuper as "isSuperuser", not ${isOutsider('r.oid')} as "isProvided", t.tables
    from me, pg_roles r, lateral (
      select json_agg(json_build_object('schema', g.nspname, 'name', g.relname, 'restrictedRoles', ${restrictedRolesSql('g.oid')})
        order by g.nspname, g.relname) as tables
      from guarded g
      where has_any_column_privilege(r.oid, g.oid, 'SELECT, INSERT, UPDATE') or has_table_privilege(r.oid, g.oid, 'DELETE')) t
    where t.tables is not null and (r.oid = me.oid and me.is_exempt
      or r.rolcanlogin and r.rolbypassrls and not r.rolsuper and ${isOutsider('r.oid')})
    order by r.oid <> me.oid, 1`,
  row: Role,
  toFinding: (row) => {
    const isOnlyUser = row.tables.some(({ restrictedRoles }) => restrictedRoles.length === 0);
    return {
      have: `${row.isOurs ? `this role, ${row.role},` : `role ${row.role}`} ${row.isSuperuser ? 'is a superuser' : 'has BYPASSRLS'}: the policies of ${row.tables.map(displayName).join(', ')} do not restrict it`,
      want: 'an application that connects as a role that the policies restrict',
      fix:
        row.isSuperuser || row.isProvided
          ? createRoleSql(row)
          : `ALTER ROLE ${quoted(row.role)} NOBYPASSRLS;   -- as a superuser, if the application connects as this role`,
      ...(!isOnlyUser && {
        severity: 'info',
        why: 'No policy restricts such a role, with or without FORCE. Backups need such a role; the application must use another one.',
      }),
    };
  },
});

/** SQL that creates a role which the policies restrict, for the application. */
function createRoleSql({ tables }: z.infer<typeof Role>): string {
  const schemas = [...new Set(tables.map(({ schema }) => schema))].map(quoted).join(', ');
  return [
    '-- Give the role a password, and let the application connect as this role. Migrations keep their role.',
    'CREATE ROLE app_user LOGIN;',
    `GRANT USAGE ON SCHEMA ${schemas} TO app_user;`,
    '-- These are the tables with policies. Grant rights on the other tables too, and USAGE on the sequences of ids:',
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ${tables.map(qualifiedName).join(', ')} TO app_user;`,
  ].join('\n');
}
