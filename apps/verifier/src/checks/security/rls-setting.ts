import { quoted } from '@todo/migrator/catalog';
import { z } from 'zod';

import { qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { escapeRegExp } from '../../schema-source.ts';
import { type RoutineFinding, defineCatalogCheck } from './catalog-check.ts';

const Policy = z.object({
  schema: z.string(),
  name: z.string(),
  policy: z.string(),
  using: z.string().nullable(),
  check: z.string().nullable(),
  /** Settings that the policy reads and that have no value: they are not built in, and no server, database or role sets them. */
  unset: z.array(z.string()),
});

/** Built-in settings that pg_settings does not list. */
const NOT_LISTED = `('role', 'session_authorization', 'is_superuser', 'seed')`;

export const rlsSetting = defineCatalogCheck({
  id: 'security/rls-setting',
  title: 'A policy whose setting has no value returns no row and raises no error',
  method:
    'Looks in the catalog for calls of current_setting() in policies whose setting no server, database or role sets. Functions that policies call are not read.',
  why: 'Before the first SET of a session, the setting is missing: current_setting() fails (SQLSTATE 42704, undefined_object) or returns NULL. After a transaction that set the setting, its value is the empty string. On a pooled connection, this depends on earlier clients.',
  remedy:
    "Write NULLIF(current_setting('…', true), ''), which is NULL in both cases, so that no row matches. Set the setting first in each transaction: SELECT set_config('…', …, true);",
  severity: 'info',
  rows: `
    select g.nspname as schema, g.relname as name, p.polname as policy, e.terms[1] as using, e.terms[2] as check, u.unset
    from guarded g join pg_policy p on p.polrelid = g.oid, lateral (
      select array[pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)] as terms) e, lateral (
      select json_agg(distinct m[1]) as unset
      from unnest(e.terms) term, regexp_matches(term, 'current_setting\\(''([^'']+)''::text', 'g') m
      where lower(m[1]) not in ${NOT_LISTED} and not exists (select from pg_settings s where lower(s.name) = lower(m[1]))
        and not exists (
          select from pg_db_role_setting d join pg_database b on d.setdatabase in (0, b.oid), unnest(d.setconfig) assigned
          where b.datname = current_database() and lower(split_part(assigned, '=', 1)) = lower(m[1]))
        -- The server's configuration may set it. A name without a dot may be a setting that this role must not read.
        and case when strpos(m[1], '.') > 0 then nullif(current_setting(m[1], true), '') is null else true end) u
    where u.unset is not null
    order by 1, 2, 3`,
  row: Policy,
  toFinding: (row) => {
    const unsafe = row.unset.filter((setting) => [row.using, row.check].some((term) => hasUnsafeCall(term, setting)));
    return unsafe.length === 0 ? undefined : policyFinding(row, unsafe);
  },
});

/** Whether a session can set the setting. PostgreSQL reserves names without a dot for its own settings. */
const canBeSet = (setting: string): boolean => setting.includes('.');

/** Whether the expression reads the setting with a call that `repairCall` would replace. */
function hasUnsafeCall(term: string | null, setting: string): boolean {
  return term !== null && repairCall(term, setting) !== term;
}

/** Replaces each call of current_setting(), with or without NULLIF, by a safe call. The text of both is as PostgreSQL prints expressions. */
function repairCall(term: string, setting: string): string {
  const call = String.raw`current_setting\('${escapeRegExp(setting)}'::text(?:, (?:true|false))?\)`;
  const safeCall = `NULLIF(current_setting('${canBeSet(setting) ? setting : `app.${setting}`}'::text, true), ''::text)`;
  return term.replaceAll(new RegExp(String.raw`NULLIF\(${call}, ''::text\)|${call}`, 'g'), () => safeCall);
}

function policyFinding(
  { policy, using, check, ...table }: z.infer<typeof Policy>,
  settings: readonly string[],
): RoutineFinding {
  const repairTerm = (term: string) => settings.reduce(repairCall, term);
  const unsettable = settings.filter((setting) => !canBeSet(setting));
  return {
    have: `policy ${policy} of ${displayName(table)} compares with ${settings.join(', ')}, which no server, database or role setting sets`,
    want: 'no row, and no error, in a session without the setting',
    fix: [
      `-- First in each transaction; over HTTP in the same batch: SELECT set_config('${settings[0]}', …, true);`,
      [
        `ALTER POLICY ${quoted(policy)} ON ${qualifiedName(table)}`,
        ...(using === null ? [] : [`USING (${repairTerm(using)})`]),
        ...(check === null ? [] : [`WITH CHECK (${repairTerm(check)})`]),
      ].join(' ') + ';',
    ].join('\n'),
    about: subjectOf(table, policy),
    follows: ['schema/rls'],
    ...(unsettable.length > 0 && {
      have: `policy ${policy} of ${displayName(table)} compares with ${unsettable.join(', ')}, an unknown setting of PostgreSQL`,
      want: 'a setting with a dot in its name: only such settings are free to use',
      why: 'No session can set this setting: the policy fails (SQLSTATE 42704, undefined_object), or compares with NULL and returns no row.',
      severity: 'warning',
    }),
  };
}
