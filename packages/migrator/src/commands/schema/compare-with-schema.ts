/** Compares a database with the schema in the code. Properties that Drizzle cannot declare are not compared. */
import { isPartition, isPartitioned } from '../../catalog/fact.ts';
import { compareCatalogs, type Difference, type Fact } from '../../catalog/index.ts';

export interface SchemaComparison {
  readonly differences: Difference[];
  /** Differences in objects that Drizzle cannot declare. They stay as they are. */
  readonly leftAlone: Difference[];
}

/** @param want the catalog of a database that the schema in the code created. */
export function compareWithSchema(have: readonly Fact[], want: readonly Fact[]): SchemaComparison {
  const all = compareCatalogs(toPlainTables(have), want).filter((difference) => !isIgnored(difference));
  const differences = all.filter((difference) => !isUndeclarable(difference));
  return { differences, leftAlone: all.filter(isUndeclarable) };
}

/** Replaces a partitioned table by a plain table without partitions, because Drizzle declares a partitioned table as a plain one. */
function toPlainTables(facts: readonly Fact[]): Fact[] {
  const partitions = new Set(facts.filter(isPartition).map(({ schema, name }) => JSON.stringify([schema, name])));
  return facts.filter(({ schema, table }) => !partitions.has(JSON.stringify([schema, table]))).map(toPlainTable);
}

function toPlainTable(fact: Fact): Fact {
  return isPartitioned(fact) ? { ...fact, attributes: { ...fact.attributes, kind: 'table' } } : fact;
}

/** Whether the difference is about privileges, storage, comments or the order of columns. */
function isIgnored({ kind, attribute }: Difference): boolean {
  return kind === 'access' || kind === 'storage' || kind === 'comment' || attribute === 'columnOrder';
}

/** Kinds of objects that Drizzle cannot declare. */
const UNDECLARABLE = new Set(['extension', 'domain constraint', 'function', 'trigger', 'rule', 'object', 'schema']);
/** By kind, the only attributes that Drizzle can declare. */
const DECLARABLE_ATTRIBUTES: Readonly<Record<string, ReadonlySet<string>>> = { table: new Set(['kind']) };
/** By kind, the attributes that Drizzle cannot declare. */
const UNDECLARABLE_ATTRIBUTES: Readonly<Record<string, ReadonlySet<string>>> = {
  column: new Set(['collation']),
  index: new Set(['include', 'nulls']),
  constraint: new Set(['deferrable', 'options']),
};

/** Whether the difference is in an extra object or in an attribute that Drizzle cannot declare. */
function isUndeclarable(difference: Difference): boolean {
  const { kind, change, attribute = '', have = '', want = '' } = difference;
  if (change === 'missing') return false;
  if (UNDECLARABLE.has(kind)) return true;
  // Drizzle can enable row security, but not force it.
  if (kind === 'row security') return have.startsWith('enabled') === want.startsWith('enabled');
  if (change === 'changed') {
    return (
      DECLARABLE_ATTRIBUTES[kind]?.has(attribute) === false || UNDECLARABLE_ATTRIBUTES[kind]?.has(attribute) === true
    );
  }
  return (kind === 'constraint' && have.startsWith('EXCLUDE')) || (kind === 'type' && !have.startsWith('ENUM'));
}
