import { z } from 'zod';

import { qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { defineCatalogCheck } from './catalog-check.ts';

export const rlsDisabled = defineCatalogCheck({
  id: 'security/rls-disabled',
  title: 'Each table with policies has row security enabled',
  method: 'Looks in the catalog for tables with policies whose row security is disabled.',
  why: 'PostgreSQL applies no policy of the table: each role with rights on it reads and writes all rows.',
  remedy: 'ALTER TABLE … ENABLE ROW LEVEL SECURITY; in a migration: pnpm db:generate --custom',
  severity: 'error',
  rows: `
    select r.nspname as schema, r.relname as name, json_agg(p.polname order by p.polname) as policies
    from relation r join pg_policy p on p.polrelid = r.oid
    where not r.relrowsecurity
    group by 1, 2 order by 1, 2`,
  row: z.object({ schema: z.string(), name: z.string(), policies: z.array(z.string()) }),
  toFinding: ({ policies, ...table }) => ({
    have: `${displayName(table)} has policies (${policies.join(', ')}), and its row security is disabled`,
    want: 'row security enabled',
    fix: `ALTER TABLE ${qualifiedName(table)} ENABLE ROW LEVEL SECURITY;`,
    about: subjectOf(table),
    follows: ['schema/rls'],
  }),
});
