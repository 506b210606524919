import { z } from 'zod';

import { defineCatalogCheck } from './catalog-check.ts';
import { Routine, routineName } from './routine.ts';

export const definerPublic = defineCatalogCheck({
  id: 'security/definer-public',
  title: 'PUBLIC may not execute SECURITY DEFINER functions',
  method:
    'Looks in the catalog for SECURITY DEFINER functions that PUBLIC may execute, in schemas that PUBLIC may use. Trigger functions are left out.',
  why: 'PostgreSQL lets PUBLIC execute each new function: every role that can connect can run the statements of such a function with the rights of the function’s owner.',
  remedy: 'REVOKE EXECUTE ON FUNCTION … FROM PUBLIC; GRANT EXECUTE ON FUNCTION … TO the roles that call the function;',
  severity: 'warning',
  rows: `
    select p.nspname as schema, p.proname as name, p.signature, pg_get_userbyid(p.proowner) as owner
    from routine p join own_schema n on n.oid = p.pronamespace
    where p.prosecdef and p.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)
      and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)
      and exists (select from aclexplode(n.nspacl) a where a.grantee = 0 and a.privilege_type = 'USAGE')
    order by 1, 2, 3`,
  row: Routine.extend({ owner: z.string() }),
  toFinding: ({ owner, ...routine }) => ({
    have: `PUBLIC may execute ${routineName(routine)}, which runs as ${owner}`,
    want: 'EXECUTE only for the roles that call the function',
    fix: `REVOKE EXECUTE ON ROUTINE ${routineName(routine)} FROM PUBLIC;   -- then GRANT EXECUTE to the roles that call the routine`,
    routine,
  }),
});
