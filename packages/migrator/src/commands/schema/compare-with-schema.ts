/** Compares a database with the schema in the code. Properties that Drizzle cannot declare are not compared. */
import { compareCatalogs, type Difference, type Fact } from '../../catalog/index.ts';

export interface SchemaComparison {
  readonly differences: Difference[];
  /** Differences in objects that Drizzle cannot declare. They stay as they are. */
  readonly leftAlone: Difference[];
}

export function compareWithSchema(have: readonly Fact[], want: readonly Fact[]): SchemaComparison {
  const all = compareCatalogs(toPlainTables(have), want).filter((difference) => !isNotCompared(difference));
  return {
    differences: all.filter((difference) => !isUndeclarable(difference)),
    leftAlone: all.filter(isUndeclarable),
  };
}

/** Replaces a partitioned table by a plain table without partitions, because Drizzle can declare only that. */
function toPlainTables(facts: readonly Fact[]): Fact[] {
  const partitions = new Set(facts.filter(isPartition).map(({ schema, name }) => JSON.stringify([schema, name])));
  return facts.filter(({ schema, table }) => !partitions.has(JSON.stringify([schema, table]))).map(toPlainTable);
}

function toPlainTable(fact: Fact): Fact {
  if (fact.kind !== 'table' || fact.attributes['kind'] !== 'partitioned table') return fact;
  return { ...fact, attributes: { ...fact.attributes, kind: 'table' } };
}

function isPartition({ kind, attributes: { partitionBound = 'none' } }: Fact): boolean {
  return kind === 'table' && partitionBound !== 'none';
}

/** Whether the difference is about privileges, storage, comments or the order of columns. */
function isNotCompared({ kind, attribute }: Difference): boolean {
  return kind === 'access' || kind === 'storage' || kind === 'comment' || attribute === 'columnOrder';
}

/** Kinds of objects that Drizzle cannot declare, and by kind the attributes that it cannot declare. */
const UNDECLARABLE_KINDS = new Set([
  'extension',
  'domain constraint',
  'function',
  'trigger',
  'rule',
  'object',
  'schema',
]);
const DECLARABLE_ATTRIBUTES: Readonly<Record<string, ReadonlySet<string>>> = { table: new Set(['kind']) };
const UNDECLARABLE_ATTRIBUTES: Readonly<Record<string, ReadonlySet<string>>> = {
  column: new Set(['collation']),
  index: new Set(['include', 'nulls']),
  constraint: new Set(['deferrable', 'options']),
};

function isUndeclarable(difference: Difference): boolean {
  const { kind, change, attribute = '', have = '', want = '' } = difference;
  if (change === 'missing') return false;
  if (UNDECLARABLE_KINDS.has(kind)) return true;
  if (kind === 'row security') return have.startsWith('enabled') === want.startsWith('enabled');
  if (change === 'changed') {
    return (
      DECLARABLE_ATTRIBUTES[kind]?.has(attribute) === false || UNDECLARABLE_ATTRIBUTES[kind]?.has(attribute) === true
    );
  }
  // Extra objects that Drizzle cannot declare.
  return (kind === 'constraint' && have.startsWith('EXCLUDE')) || (kind === 'type' && !have.startsWith('ENUM'));
}
