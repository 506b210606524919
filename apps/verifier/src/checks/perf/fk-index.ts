import { quoted } from '@todo/migrator/catalog';
import { z } from 'zod';

import { type Check, type Finding, verdict } from '../../check.ts';
import { codeTables, qualifiedName, displayName, subjectOf } from '../../code-tables.ts';
import { hasSameName } from '../../live-tables.ts';
import { jsonText } from '../../json-text.ts';
import { runVerifierSql } from '../../own-sql.ts';

export const fkIndex: Check = {
  id: 'perf/fk-index',
  title: 'Each foreign key has an index that starts with its columns',
  method:
    'Compares the columns of each foreign key with the leading columns of its table’s valid indexes, in one query.',
  why: 'PostgreSQL does not create this index: deleting a parent, or listing its rows, reads the whole table.',
  remedy: 'Add index().on(…) to the table in the schema, then pnpm db:generate',
  severity: 'warning',
  mode: 'reads',
  run: async ({ read, database }) => {
    const tables = codeTables(database);
    const { rows } = await read((session) => runVerifierSql(session.query(UNINDEXED)));
    const unindexedKeys = z.array(Unindexed).parse(rows);
    const findings = unindexedKeys.flatMap(({ schema, table, name, columns }): Finding[] => {
      const codeTable = tables.find(hasSameName({ schema, name: table }));
      if (codeTable === undefined) return [];
      return [
        {
          have: `no index of ${displayName(codeTable)} begins with ${columns.join(', ')}, the columns of ${name}`,
          want: 'an index that starts with these columns',
          fix: `Add index().on(…) to the table in the schema, then pnpm db:generate; or at once: CREATE INDEX CONCURRENTLY ON ${qualifiedName(codeTable)} (${columns.map(quoted).join(', ')});`,
          about: subjectOf(codeTable, name),
          // These checks explain the finding if the code defines the index.
          follows: ['schema/index-missing', 'schema/index-definition', 'schema/index-invalid'],
        },
      ];
    });
    return verdict(findings);
  },
};

const Unindexed = z.object({
  schema: z.string(),
  table: z.string(),
  name: z.string(),
  columns: jsonText(z.array(z.string())),
});

// An index is enough if its first columns are those of the key, in any order. A partial index without nulls is enough too:
// a row with a null refers to no parent.
const UNINDEXED = `
select n.nspname as schema, c.relname as "table", k.conname as name,
  (select json_agg(a.attname order by u.position)::text from unnest(k.conkey) with ordinality u(number, position)
    join pg_attribute a on a.attrelid = c.oid and a.attnum = u.number) as columns
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace n on n.oid = c.relnamespace
where k.contype = 'f' and k.conparentid = 0 and not exists (
  select from pg_index i
  join pg_class x on x.oid = i.indexrelid
  join pg_am m on m.oid = x.relam and m.amname in ('btree', 'hash')
  where i.indrelid = c.oid and i.indisvalid and i.indisready and i.indislive
    and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~* '^[( ]*[^ ]+ IS NOT NULL[) ]*$')
    and (i.indkey::int2[])[0:cardinality(k.conkey) - 1] @> k.conkey)
order by 1, 2, 3`;
