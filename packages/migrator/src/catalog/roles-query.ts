/** The SQL for names of roles in facts. The migrator has a fixed name, because each database may use another role for migrations. */

// Roles that a provider creates in each database. Members of these roles and superusers are left out.
const PROVIDED = `('neon_superuser', 'cloud_admin', 'rds_superuser', 'rdsadmin', 'cloudsqlsuperuser', 'azure_pg_admin',
  'pg_database_owner')`;

// The role that owns the migrations table. If there is no such table: the owner of the database.
const migrators = `
select coalesce(
  (select c.relowner from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'drizzle' and c.relname = '__drizzle_migrations'),
  (select datdba from pg_database where datname = current_database())) as oid`;

const grantees = `
select 0::oid as oid, 'PUBLIC' as words, true as is_outsider
union all
select r.oid, case when r.oid = (select oid from migrator) then 'the migrator' else r.rolname::text end,
  not (r.rolsuper or r.rolname in ${PROVIDED} or exists (
    select from pg_auth_members m join pg_roles q on q.oid = m.roleid where m.member = r.oid and q.rolname in ${PROVIDED}))
from pg_roles r`;

/** The migrations table, with the owner and the privileges of its schema. */
const migrationsTables = `
select c.*, n.nspowner, n.nspacl from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'drizzle' and c.relname = '__drizzle_migrations'`;

/** The CTEs `migrator`, `grantee` and `migrations_table`. They are materialized, so that each is planned once. */
export const ROLES = `migrator as materialized (${migrators}),
grantee as materialized (${grantees}),
migrations_table as materialized (${migrationsTables})`;

export const migrator = '(select oid from migrator)';

/** An SQL condition: the role is neither a superuser nor a provider's role. True for a role that was dropped. */
export const isOutsider = (role: string): string =>
  `coalesce((select is_outsider from grantee where oid = ${role}), true)`;

/** `PUBLIC`, `the migrator`, or the name of the role. */
export const roleName = (role: string): string =>
  `coalesce((select words from grantee where oid = ${role}), pg_get_userbyid(${role})::text)`;

/** An SQL expression: the `words` of a query as one list. */
export const joinWords = (query: string): string =>
  `coalesce((select string_agg(words, ', ' order by words collate "C") from (${query}) w), 'none')`;
