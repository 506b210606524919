import { type Check, type Finding, verdict } from '../../check.ts';
import { liveTables } from '../../live-tables.ts';
import { runVerifierSql } from '../../own-sql.ts';
import { describePlan, genericPlan, indexConditions, partsOf, type PlanNode } from './generic-plan.ts';
import { type Lookup, lookupsOf } from './lookups.ts';

export const indexUsed: Check = {
  id: 'perf/index-used',
  title: 'Lookups by unique keys and foreign keys use an index',
  method:
    'Reads the generic plan of a lookup by each key, without sequential scans: an Index Cond must name a column of the key.',
  why: 'The query reads the whole table and gets slower with every row.',
  remedy: 'Create or rebuild the index: `pnpm verify --only schema` prints the SQL. Then ANALYZE the table.',
  mode: 'reads',
  takesLong: true,
  run: async (context) => {
    const lookups = lookupsOf((await liveTables(context)).tables);
    if (lookups.length === 0) return verdict([], 'no indexes');
    const planOfAll = await context.read((session) => runVerifierSql(genericPlan(session, unionAll(lookups))));
    const aliases = lookups.map(({ alias }) => alias);
    const parts = partsOf(planOfAll, aliases);
    for (const { what, query, alias } of lookups) {
      const plan = describePlan(parts.get(alias) ?? {});
      context.show({ kind: 'plan', what, query: query(alias, parameterCounter()), plan });
    }
    // The plan has no part for a lookup whose condition no row can meet.
    const findings = lookups.flatMap((lookup) => {
      const part = parts.get(lookup.alias);
      return part === undefined ? [] : toFindings(lookup, part);
    });
    return verdict(findings, `${lookups.length} lookups`);
  },
};

/** All lookups in one statement, for one round trip. No two lookups share a parameter. */
function unionAll(lookups: readonly Lookup[]): string {
  const parameter = parameterCounter();
  return lookups.map(({ query, alias }) => query(alias, parameter)).join('\nunion all ');
}

/** Returns a function that returns `$1`, then `$2`, and so on. */
function parameterCounter(): () => string {
  let count = 0;
  return () => `$${(count += 1)}`;
}

function toFindings({ what, columns, index, fix, about }: Lookup, plan: PlanNode): Finding[] {
  // For a key on an expression, any index condition is enough.
  const usesKey = (condition: string) =>
    columns.length === 0 || columns.some((column) => namesColumn(condition, column));
  if (indexConditions(plan).some(usesKey)) return [];
  return [
    {
      have: `a lookup of ${what} uses no index`,
      want: `an index that starts with ${columns.join(', ') || index}`,
      fix,
      about,
      follows: ['schema/index-missing', 'schema/*', 'connect/session-settings', 'connect/search-path'],
    },
  ];
}

/** Whether the condition contains the name, quoted or as a whole word: `owner_id` does not match `other_owner_id`. */
function namesColumn(condition: string, column: string): boolean {
  return condition.includes(`"${column}"`) || condition.split(/[^\p{L}\p{N}_$]+/u).includes(column);
}
