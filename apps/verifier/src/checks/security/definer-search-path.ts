import { isOutsider } from '@todo/migrator/catalog';
import { z } from 'zod';

import { defineCatalogCheck } from './catalog-check.ts';
import { Routine, routineName } from './routine.ts';

export const definerSearchPath = defineCatalogCheck({
  id: 'security/definer-search-path',
  title: 'SECURITY DEFINER functions set their search_path',
  method:
    'Looks in the catalog for SECURITY DEFINER functions that other roles may call, and trigger functions, without a safe SET search_path. Functions in C, and SQL-standard bodies, which are parsed at creation, are left out.',
  why: 'The caller chooses the search_path: a function or table of the same name in the caller’s schema is used with the rights of the owner.',
  remedy: "ALTER FUNCTION … SET search_path = …, pg_temp; or write each name with its schema and SET search_path = ''.",
  severity: 'warning',
  rows: `
    select p.nspname as schema, p.proname as name, p.signature, pg_get_userbyid(p.proowner) as owner,
      (select substr(c, length('search_path=') + 1) from unnest(p.proconfig) c where starts_with(c, 'search_path=')) as path,
      (select reset_val from pg_settings where name = 'search_path') as "sessionPath"
    from routine p join pg_language l on l.oid = p.prolang
    where p.prosecdef and p.prosqlbody is null and l.lanname not in ('c', 'internal')
      and (p.prorettype in ('trigger'::regtype, 'event_trigger'::regtype) or exists (
        select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
        where a.grantee <> p.proowner and ${isOutsider('a.grantee')}))
    order by 1, 2, 3`,
  row: Routine.extend({ owner: z.string(), path: z.string().nullable(), sessionPath: z.string() }),
  toFinding: ({ owner, path, sessionPath, ...routine }) => {
    const schemas = schemasOf(path ?? sessionPath);
    // SET search_path = '' leaves the path "", in which no name is found.
    if (path !== null && (schemas.includes('pg_temp') || schemas.every((schema) => schema === '""'))) return undefined;
    const name = routineName(routine);
    return {
      have: `${name} runs as ${owner} with ${path === null ? 'the search_path of its caller' : `search_path ${path}`}`,
      want: path === null ? 'a search_path of its own' : 'pg_temp as its last entry',
      fix: `ALTER ROUTINE ${name} SET search_path = ${[...schemas, 'pg_temp'].join(', ')};`,
      routine,
      ...(path !== null && {
        severity: 'info',
        why: 'PostgreSQL searches temporary tables first if search_path does not list pg_temp: a temporary table of the caller replaces the table of the same name.',
      }),
    };
  },
});

/** The schemas of a search path as SQL, without "$user": this schema depends on the current role, and most roles have no such schema. */
function schemasOf(path: string): string[] {
  return [...path.matchAll(/"(?:[^"]|"")*"|[^\s,"]+/g)]
    .map(([schema]) => schema)
    .filter((schema) => schema !== '"$user"');
}
