/** Roles in the words of the catalog: told apart by their part, because a fresh database of one's own has other names for them. */

/** Who runs the migrations: the tables are theirs as well. Where nobody did yet, the owner of the database. */
export const migrator = `coalesce(
  (select c.relowner from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'drizzle' and c.relname = '__drizzle_migrations'),
  (select datdba from pg_database where datname = current_database()))`;

export const isMigrator = (role: string): string => `(${role} = ${migrator})`;

// Roles that a provider gives every database and whoever is a member of one, and those that may do everything anyway.
const PROVIDED = `('neon_superuser', 'cloud_admin', 'rds_superuser', 'rdsadmin', 'cloudsqlsuperuser', 'azure_pg_admin',
  'pg_database_owner')`;
export const isOutsider = (role: string): string => `(${role} = 0 or not exists (
  select from pg_roles p where p.oid = ${role} and (p.rolsuper or p.rolname in ${PROVIDED} or exists (
    select from pg_auth_members m join pg_roles q on q.oid = m.roleid
    where m.member = p.oid and q.rolname in ${PROVIDED}))))`;

/** `PUBLIC`, `the migrator`, or the role's own name. */
export const roleName = (role: string): string =>
  `case when ${role} = 0 then 'PUBLIC' when ${isMigrator(role)} then 'the migrator' else pg_get_userbyid(${role})::text end`;

/** An SQL expression: the `words` of a query as one list. */
export const listed = (query: string): string =>
  `coalesce((select string_agg(words, ', ' order by words collate "C") from (${query}) w), 'none')`;

/** The table in which the migrations are recorded, with its schema's owner and rights. */
export const migrationsTable = `
select c.*, n.nspowner, n.nspacl from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'drizzle' and c.relname = '__drizzle_migrations'`;
