/** Reads what the checks of this group need about server, database and settings, in one query. */
import type { Session } from '@todo/client';
import { z } from 'zod';

import { queryOnce } from '../../query-once.ts';
import type { Context } from '../../check.ts';
import { type CodeTable, codeTables } from '../../code-tables.ts';
import { jsonText } from '../../json-text.ts';

/** Runs the query once per run. */
export function survey(context: Pick<Context, 'read' | 'database'>): Promise<Survey> {
  const tables = codeTables(context.database).map(({ schema, name }) => ({ schema, name }));
  return queryOnce(context, querySurvey, () => context.read((session) => querySurvey(session, tables)));
}

async function querySurvey(session: Session, tables: readonly Pick<CodeTable, 'schema' | 'name'>[]): Promise<Survey> {
  const sentAt = Date.now();
  const { rows } = await session.query(QUERY, [JSON.stringify(tables)]);
  const receivedAt = Date.now();
  const { nowMs, ...facts } = Facts.parse(rows[0]);
  return { ...facts, skewMs: distanceToRange(Number(nowMs), sentAt, receivedAt) };
}

export type Survey = Omit<z.infer<typeof Facts>, 'nowMs'> & {
  /** Milliseconds by which the server's clock is ahead of this machine's, without the time of the round trip. */
  readonly skewMs: number;
};

export type RoleSetting = z.infer<typeof RoleSetting>;
export type Resolution = z.infer<typeof Resolution>;

const RoleSetting = z.object({
  /** The scope as `ALTER` writes it: `DATABASE todo`, `ROLE todo IN DATABASE todo`, `ROLE ALL`. */
  scope: z.string(),
  name: z.string(),
  value: z.string(),
  /** PostgreSQL's default; null for a setting of an extension. */
  defaultValue: z.string().nullable(),
});

/** The relation to which an unqualified table name resolves. The code does not qualify tables of `public`. */
const Resolution = z.object({
  name: z.string(),
  /** The schema of that relation; null when there is none. */
  schema: z.string().nullable(),
  /** Other schemas with a relation of the same name. */
  namesakes: z.array(z.string()),
});

const Facts = z.object({
  version: z.string(),
  versionNumber: z.coerce.number(),
  encoding: z.string(),
  nowMs: z.string(),
  database: z.string(),
  user: z.string(),
  isSuperuser: z.boolean(),
  neonProject: z.string().nullable(),
  neonBranch: z.string().nullable(),
  isInRecovery: z.boolean(),
  /** The default of a new session: this session is read-only in any case. */
  isReadOnly: z.string(),
  searchPath: z.string(),
  collationVersion: z.string().nullable(),
  actualCollationVersion: z.string().nullable(),
  conformingStrings: z.string(),
  /** Settings of the database, of this role and of the roles that own the tables. */
  roleSettings: jsonText(z.array(RoleSetting)),
  /** Settings in the server's configuration that change the meaning of statements. */
  serverSettings: jsonText(z.array(RoleSetting)),
  resolutions: jsonText(z.array(Resolution)),
});

// Includes the settings of the tables' owner: the application may log in as the owner, even if this run does not.
// In pg_db_role_setting, 0 stands for all roles or all databases.
const QUERY = `
with tables as (select * from json_to_recordset($1::json) as t(schema text, name text)),
here as (select * from pg_database where datname = current_database()),
concerned as (
  select 0::oid as role union select datdba from here union select oid from pg_roles where rolname = current_user
  union select c.relowner from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where exists (select from tables t where t.schema = n.nspname and t.name = c.relname) or n.nspname = 'drizzle' and c.relname = '__drizzle_migrations')
select current_setting('server_version') as version, current_setting('server_version_num') as "versionNumber",
  current_setting('server_encoding') as encoding, (extract(epoch from clock_timestamp()) * 1000)::text as "nowMs",
  current_database()::text as database, session_user::text as "user",
  current_setting('is_superuser') = 'on' as "isSuperuser",
  current_setting('neon.project_id', true) as "neonProject", current_setting('neon.branch_id', true) as "neonBranch",
  pg_is_in_recovery() as "isInRecovery",
  (select reset_val from pg_settings where name = 'default_transaction_read_only') as "isReadOnly",
  (select reset_val from pg_settings where name = 'search_path') as "searchPath",
  datcollversion as "collationVersion", pg_database_collation_actual_version(here.oid) as "actualCollationVersion",
  current_setting('standard_conforming_strings') as "conformingStrings",
  (select coalesce(json_agg(json_build_object(
      'scope', concat_ws(' IN ', case when s.setrole <> 0 then 'ROLE ' || quote_ident(pg_get_userbyid(s.setrole)) end,
        case when s.setdatabase <> 0 then 'DATABASE ' || quote_ident(current_database()) end,
        case when s.setrole = 0 and s.setdatabase = 0 then 'ROLE ALL' end),
      'name', split_part(assigned, '=', 1), 'value', substr(assigned, strpos(assigned, '=') + 1),
        'defaultValue', (select case p.name when 'client_encoding' then getdatabaseencoding() else boot_val end from pg_settings p where lower(p.name) = lower(split_part(assigned, '=', 1))))
      order by s.setrole, s.setdatabase, assigned), '[]')::text
    from pg_db_role_setting s, unnest(s.setconfig) assigned
    where s.setdatabase in (0, here.oid) and s.setrole in (select role from concerned)) as "roleSettings",
  (select coalesce(json_agg(json_build_object('scope', 'SYSTEM', 'name', name, 'value', reset_val, 'defaultValue', boot_val)
      order by name), '[]')::text
    from pg_settings
    where source in ('configuration file', 'command line', 'environment variable', 'global')
      and reset_val is distinct from boot_val and name in ('session_replication_role', 'default_transaction_isolation',
        'default_transaction_deferrable', 'default_transaction_read_only', 'transform_null_equals', 'array_nulls',
        'row_security', 'standard_conforming_strings', 'enable_indexscan', 'enable_bitmapscan')) as "serverSettings",
  (select coalesce(json_agg(json_build_object('name', t.name,
      'schema', (select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.oid = to_regclass(quote_ident(t.name))),
      'namesakes', (select coalesce(json_agg(n.nspname order by n.nspname), '[]')
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relname = t.name and c.relkind in ('r', 'p', 'f', 'v', 'm') and n.nspname !~ '^pg_'
          and n.nspname not in ('public', 'information_schema', 'neon_auth')
          and not exists (select from tables o where o.schema = n.nspname and o.name = c.relname)))), '[]')::text
    from tables t where t.schema = 'public') as resolutions
from here`;

/** The distance of a value from a range: negative below the range, 0 inside. */
export function distanceToRange(value: number, from: number, to: number): number {
  return value < from ? value - from : Math.max(0, value - to);
}
