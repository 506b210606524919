/** One thing that a database is made of, in words that are equal on every PostgreSQL from 15 on and for every role. */

/** In the order in which facts and differences are listed. */
export const FACT_KINDS = [
  'table',
  'column',
  'index',
  'constraint',
  'sequence',
  'access',
  'row security',
  'policy',
  'trigger',
  'rule',
  'storage',
  'object',
] as const;

export type FactKind = (typeof FACT_KINDS)[number];

/**
 * A table (or view, as its attribute `kind` says), a column, an index that backs no constraint, a constraint (primary
 * key, foreign key, unique, check, exclusion) or a sequence of the schema `public`; then what surrounds them: who has access
 * to a table, its row security, policies, triggers, rules and storage, and objects of any other kind. Which attributes a kind
 * has is listed in `facts-query.ts` and `surroundings-query.ts`; an attribute that does not apply says so (`none`), it is
 * never absent.
 */
export interface Fact {
  readonly kind: FactKind;
  /** The table it belongs to: its own name for a table, empty for a sequence that no column owns. */
  readonly table: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What the fact is in a few words of SQL: what stands for it when all of it is missing. */
export function describeFact({ kind, attributes }: Fact): string {
  if (kind === 'table') return attributes['kind'] ?? '';
  if (kind === 'column') return describeColumn(attributes);
  if (kind === 'sequence') return attributes['type'] ?? '';
  return attributes['definition'] ?? '';
}

function describeColumn(attributes: Fact['attributes']): string {
  const { type = '', collation, default: expression, generated, identity, nullability } = attributes;
  const parts = [type];
  if (collation !== 'default') parts.push(`COLLATE ${collation}`);
  if (expression !== 'none') parts.push(`DEFAULT ${expression}`);
  if (generated !== 'none') parts.push(`GENERATED ALWAYS AS ${generated}`);
  if (identity !== 'none') parts.push(`GENERATED ${identity} AS IDENTITY`);
  if (nullability !== 'null') parts.push('NOT NULL');
  return parts.join(' ');
}

/** Facts in the order of their kinds, then of table and name by code point, whatever the database's collation. */
export function byKindAndName(a: Fact, b: Fact): number {
  return (
    FACT_KINDS.indexOf(a.kind) - FACT_KINDS.indexOf(b.kind) ||
    compareText(a.table, b.table) ||
    compareText(a.name, b.name)
  );
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
