import { isOutsider, quoted } from '@todo/migrator/catalog';
import { z } from 'zod';

import { defineCatalogCheck } from './catalog-check.ts';

export const defaultPrivileges = defineCatalogCheck({
  id: 'security/default-privileges',
  title: 'New objects give no rights to other roles by default',
  method: 'Reads default privileges (pg_default_acl) for PUBLIC and for roles other than the creator of the object.',
  why: 'Each new table, sequence or function grants the right at once, before it has a policy, and no migration shows it.',
  remedy: 'ALTER DEFAULT PRIVILEGES … REVOKE …; then GRANT in the migration that creates the object.',
  severity: 'warning',
  // An entry for all schemas repeats PostgreSQL's built-in defaults, EXECUTE on functions and USAGE on types for PUBLIC. These are no finding.
  rows: `
    select pg_get_userbyid(d.defaclrole) as role, s.nspname as schema, k.objects,
      case a.grantee when 0 then null else pg_get_userbyid(a.grantee) end as grantee,
      string_agg(a.privilege_type, ', ' order by a.privilege_type) as rights
    from pg_default_acl d left join own_schema s on s.oid = d.defaclnamespace, aclexplode(d.defaclacl) a,
      lateral (select case d.defaclobjtype when 'r' then 'TABLES' when 'S' then 'SEQUENCES' when 'f' then 'FUNCTIONS'
        when 'T' then 'TYPES' when 'n' then 'SCHEMAS' end as objects) k
    where (d.defaclnamespace = 0 or s.oid is not null) and k.objects is not null
      and a.grantee <> d.defaclrole and ${isOutsider('a.grantee')}
      and (d.defaclnamespace <> 0 or a.grantee <> 0 or d.defaclobjtype not in ('f', 'T'))
    group by 1, 2, 3, 4 order by 1, 2 nulls first, 3, 4 nulls first`,
  row: z.object({
    role: z.string(),
    schema: z.string().nullable(),
    objects: z.string(),
    grantee: z.string().nullable(),
    rights: z.string(),
  }),
  toFinding: ({ role, schema, objects, grantee, rights }) => {
    const inSchema = schema === null ? '' : ` IN SCHEMA ${quoted(schema)}`;
    return {
      have: `new ${objects.toLowerCase()} of ${role}${schema === null ? '' : ` in ${schema}`}: ${rights} for ${grantee ?? 'PUBLIC'}`,
      want: 'rights that the migration of each object grants',
      fix: `ALTER DEFAULT PRIVILEGES FOR ROLE ${quoted(role)}${inSchema} REVOKE ${rights} ON ${objects} FROM ${grantee === null ? 'PUBLIC' : quoted(grantee)};`,
      follows: ['schema/privileges'],
      // Default privileges for a named role are a usual way to give an application its privileges.
      ...(grantee !== null && { severity: 'info' }),
    };
  },
});
