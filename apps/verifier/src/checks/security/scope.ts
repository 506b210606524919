/** The objects that the security checks read: tables with policies, and the roles that row security can restrict. */
import { ROLES, SCOPE } from '@todo/migrator/catalog';

const me = `select oid, rolname, rolsuper or rolbypassrls as is_exempt, rolsuper from pg_roles where rolname = current_user`;

const guarded = `
select r.oid, r.nspname, r.relname, r.relowner, r.relforcerowsecurity as is_forced from relation r
where r.relkind in ('r', 'p') and r.relrowsecurity and exists (select from pg_policy p where p.polrelid = r.oid)`;

// Only roles that a session can use. PostgreSQL 16 and later make the creator of a role a member that cannot inherit or SET ROLE.
const subjects = `
select r.oid, r.rolname from pg_roles r
where not r.rolsuper and not r.rolbypassrls and r.rolname !~ '^pg_' and (r.rolcanlogin or exists (
  select from pg_auth_members m where m.roleid = r.oid
    and (coalesce((to_jsonb(m) ->> 'inherit_option')::boolean, true) or coalesce((to_jsonb(m) ->> 'set_option')::boolean, true))))`;

const restricted = `
select g.oid as table_oid, s.oid as role, s.rolname from guarded g, subject s
where (g.is_forced or not pg_has_role(s.oid, g.relowner, 'USAGE'))
  and (has_any_column_privilege(s.oid, g.oid, 'SELECT, INSERT, UPDATE') or has_table_privilege(s.oid, g.oid, 'DELETE'))`;

/**
 * The tables of `ROLES` and `SCOPE`, and: `me`, this session's role; `guarded`, tables with policies and with row security on;
 * `subject`, roles that row security can restrict; `restricted`, the subjects that may use a guarded table and that its policies restrict.
 */
export const TABLES = `${ROLES},
${SCOPE},
me as materialized (${me}),
guarded as materialized (${guarded}),
subject as materialized (${subjects}),
restricted as materialized (${restricted})`;

/** An SQL expression: the names of the roles that the policies of a table restrict, as a JSON array. */
export const restrictedRolesSql = (table: string): string =>
  `(select coalesce(json_agg(x.rolname order by x.rolname), '[]') from restricted x where x.table_oid = ${table})`;
