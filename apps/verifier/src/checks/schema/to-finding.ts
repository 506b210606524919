/** A difference as people need it: what is there, what should be, and the SQL in between. */
import { type Difference, reconcile } from '@todo/db/catalog';

import type { Finding, Severity } from '../../check.ts';
import type { CatalogComparison } from '../../schema-comparison.ts';
import { factOf } from './classify.ts';

export function toFinding(difference: Difference, comparison: CatalogComparison): Finding {
  const { table, name } = difference;
  const severity = severityOf(difference, comparison);
  const about = { table, ...(name !== table && { name }) };
  return { ...sides(difference), fix: fixOf(difference, comparison), about, ...(severity && { severity }) };
}

function sides({ kind, table, name, change, attribute, have, want }: Difference): Pick<Finding, 'have' | 'want'> {
  const subject = `${kind} ${kind === 'table' || table === '' ? name : `${table}.${name}`}`;
  switch (change) {
    case 'missing':
      return { have: `no ${subject}`, want: `${subject}: ${want}` };
    case 'extra':
      return { have: `${subject}: ${have}`, want: `no ${subject}` };
    case 'renamed':
      return { have: `${kind} ${table}.${have}`, want: `${subject}, of the same definition` };
    case 'changed':
      return { have: `${subject}: ${attribute} ${have}`, want: `${attribute} ${want}` };
    default:
      return change satisfies never;
  }
}

/** Where a check's own weight does not fit. */
function severityOf(difference: Difference, { have }: CatalogComparison): Severity | undefined {
  const { kind, change, attribute = '' } = difference;
  if (kind === 'column' && change === 'extra') {
    const { nullability, default: value, identity, generated } = factOf(difference, have)?.attributes ?? {};
    const isFilled = [value, identity, generated].some((source) => source !== 'none');
    return nullability === 'not null' && !isFilled ? 'error' : undefined;
  }
  if (kind === 'index' && ['include', 'options'].includes(attribute)) return 'warning';
  if (kind === 'sequence' && (change === 'extra' || ['ownedBy', 'start', 'cache'].includes(attribute)))
    return 'warning';
  return undefined;
}

function fixOf(difference: Difference, { want }: CatalogComparison): string {
  const statements = reconcile(difference, want);
  if (statements.length > 0) return [...obstacles(difference), ...statements].map((line) => `${line};`).join('\n');
  const { kind, change } = difference;
  if (kind === 'table' && change === 'missing') return 'pnpm db:migrate';
  if (change === 'extra') return 'Add it to packages/db/src/schema and pnpm db:generate, or drop it.';
  if (kind === 'table' && difference.attribute === 'columnOrder')
    return 'Leave it, and name the columns in each INSERT.';
  return 'Make it so by hand, or pnpm db:push where the rows do not matter.';
}

/** The rows that would stop the statements, to be looked at first. */
function obstacles({ kind, table, name, attribute, want }: Difference): string[] {
  if (kind !== 'column' || attribute !== 'nullability' || want !== 'not null') return [];
  return [`SELECT * FROM public."${table}" WHERE "${name}" IS NULL`];
}
