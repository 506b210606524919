/** How a database differs from the schema in the code, as far as the schema can say it. */
import { compareCatalogs, type Difference, type Fact } from '../../catalog/index.ts';

export interface SchemaComparison {
  readonly differences: Difference[];
  /** What Drizzle has no words for: it is left as it is. */
  readonly leftAlone: Difference[];
}

export function compareWithSchema(have: readonly Fact[], want: readonly Fact[]): SchemaComparison {
  const all = compareCatalogs(asPlainTables(have), want).filter((difference) => !isUnderneath(difference));
  return {
    differences: all.filter((difference) => !isBeyondDrizzle(difference)),
    leftAlone: all.filter(isBeyondDrizzle),
  };
}

/** A partitioned table is one table to Drizzle, without its partitions. */
function asPlainTables(facts: readonly Fact[]): Fact[] {
  const partitions = new Set(facts.filter(isPartition).map(({ schema, name }) => JSON.stringify([schema, name])));
  return facts.filter(({ schema, table }) => !partitions.has(JSON.stringify([schema, table]))).map(asPlain);
}

function asPlain(fact: Fact): Fact {
  if (fact.kind !== 'table' || fact.attributes['kind'] !== 'partitioned table') return fact;
  return { ...fact, attributes: { ...fact.attributes, kind: 'table' } };
}

function isPartition({ kind, attributes: { partitionBound = 'none' } }: Fact): boolean {
  return kind === 'table' && partitionBound !== 'none';
}

/** Who may do what, how it is stored, what is written about it, in which order columns stand. */
function isUnderneath({ kind, attribute }: Difference): boolean {
  return kind === 'access' || kind === 'storage' || kind === 'comment' || attribute === 'columnOrder';
}

/** Kinds of objects, and by kind the attributes of those that it has. */
const BEYOND_KINDS = new Set(['extension', 'domain constraint', 'function', 'trigger', 'rule', 'object', 'schema']);
const WITHIN_ATTRIBUTES: Readonly<Record<string, ReadonlySet<string>>> = { table: new Set(['kind']) };
const BEYOND_ATTRIBUTES: Readonly<Record<string, ReadonlySet<string>>> = {
  column: new Set(['collation']),
  index: new Set(['include', 'nulls']),
  constraint: new Set(['deferrable', 'options']),
};

function isBeyondDrizzle(difference: Difference): boolean {
  const { kind, change, attribute = '', have = '', want = '' } = difference;
  if (change === 'missing') return false;
  if (BEYOND_KINDS.has(kind)) return true;
  if (kind === 'row security') return have.startsWith('enabled') === want.startsWith('enabled');
  if (change === 'changed') {
    return WITHIN_ATTRIBUTES[kind]?.has(attribute) === false || BEYOND_ATTRIBUTES[kind]?.has(attribute) === true;
  }
  // What is there beside the wanted.
  return (kind === 'constraint' && have.startsWith('EXCLUDE')) || (kind === 'type' && !have.startsWith('ENUM'));
}
