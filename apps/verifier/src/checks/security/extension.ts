import { quoted } from '@todo/migrator/catalog';
import { z } from 'zod';

import { defineCatalogCheck } from './catalog-check.ts';

/** Functions of these extensions open connections from the database's network to any address that the caller gives. */
const NETWORK_EXTENSIONS = ['dblink', 'http', 'pg_net', 'aws_s3', 'aws_lambda'];

export const extension = defineCatalogCheck({
  id: 'security/extension',
  title: 'PUBLIC may not connect to other servers through an extension, or create objects in its schema',
  method: `Looks in the catalog for functions of ${NETWORK_EXTENSIONS.join(', ')} that PUBLIC may call, and for extensions in a schema where PUBLIC may create objects.`,
  why: 'Every role that can connect can make the database open connections to other servers, or put a function of its own in the place of one of the extension.',
  remedy:
    'REVOKE EXECUTE ON FUNCTION … FROM PUBLIC; or move the extension to a schema that PUBLIC may not use: ALTER EXTENSION … SET SCHEMA …;',
  severity: 'warning',
  rows: `
    select e.extname as name, n.nspname as schema, coalesce(f.callable, '[]') as callable,
      exists (select from aclexplode(n.nspacl) a where a.grantee = 0 and a.privilege_type = 'CREATE') as "isOpen"
    from pg_extension e join pg_namespace n on n.oid = e.extnamespace, lateral (
      select json_agg(format('%I.%I(%s)', s.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) order by p.proname, p.oid) as callable
      from pg_depend d join pg_proc p on p.oid = d.objid join pg_namespace s on s.oid = p.pronamespace
      where e.extname in (${NETWORK_EXTENSIONS.map((name) => `'${name}'`).join(', ')})
        and d.refclassid = 'pg_extension'::regclass and d.refobjid = e.oid and d.deptype = 'e' and d.classid = 'pg_proc'::regclass
        and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)
        and exists (select from aclexplode(s.nspacl) a where a.grantee = 0 and a.privilege_type = 'USAGE')) f
    where n.nspname <> 'pg_catalog' order by 1`,
  row: z.object({ name: z.string(), schema: z.string(), callable: z.array(z.string()), isOpen: z.boolean() }),
  toFinding: ({ name, schema, callable, isOpen }) => {
    const revokeCreate = `REVOKE CREATE ON SCHEMA ${quoted(schema)} FROM PUBLIC;`;
    if (callable.length > 0) {
      return {
        have: `PUBLIC may call ${callable.length} functions of the extension ${name}, such as ${callable[0]}`,
        want: 'EXECUTE only for the roles that need these functions',
        fix: `REVOKE EXECUTE ON FUNCTION ${callable.join(', ')} FROM PUBLIC;${isOpen ? `\n${revokeCreate}` : ''}`,
      };
    }
    if (!isOpen) return undefined;
    return {
      have: `the extension ${name} is in the schema ${schema}, where PUBLIC may create objects`,
      want: 'a schema where only its owner may create objects',
      why: 'Another role can create a function with the name of an extension’s function and better matching types: PostgreSQL then calls the new function, with the rights of the caller.',
      fix: revokeCreate,
      follows: ['security/public-grant', 'schema/privileges'],
    };
  },
});
