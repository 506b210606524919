/** Returns CREATE TABLE and CREATE VIEW for facts, without constraints, indexes and privileges. */
import { describeFact, type Fact, isPartition } from '../fact.ts';
import type { Facts } from '../facts.ts';
import { qualifiedName, quoted } from '../quoted.ts';
import { sequenceClauses } from './sequence.ts';

/** Returns CREATE TABLE: a partition, a table of a composite type, or a table with columns. */
export function createTableSql(fact: Fact, want: Facts): string {
  const { schema, table, attributes } = fact;
  const { kind, persistence, inherits = 'none', partitionKey, partitionBound, accessMethod, ofType } = attributes;
  const clauses = [
    partitionKey === 'none' ? '' : ` PARTITION BY ${partitionKey}`,
    kind === 'table' && !DEFAULT_METHODS.has(accessMethod ?? '') ? ` USING ${accessMethod}` : '',
    attributes['options'] === 'none' ? '' : ` WITH (${attributes['options']})`,
  ].join('');
  const create = `CREATE ${persistence === 'unlogged' ? 'UNLOGGED ' : ''}TABLE ${qualifiedName(schema, table)}`;
  if (isPartition(fact)) return `${create} PARTITION OF ${inherits} ${partitionBound}${clauses}`;
  if (ofType !== 'none') return `${create} OF ${ofType}${clauses}`;
  const columns = want.columns(schema, table).map((column) => `${quoted(column.name)} ${columnTerms(column, want)}`);
  return `${create} (${columns.join(', ')})${inherits === 'none' ? '' : ` INHERITS (${inherits})`}${clauses}`;
}

const DEFAULT_METHODS = new Set(['heap', 'none', '']);

/** The column's definition after its name, with the options of an identity's sequence. */
export function columnTerms(column: Fact, want: Facts): string {
  const { schema, table, name, attributes } = column;
  const terms = describeFact(column);
  if (attributes['identity'] === 'none') return terms;
  const sequence = identitySequence(schema, table, name, want);
  const options = sequence === undefined ? '' : ` (${identityOptions(sequence)})`;
  return terms.replace(' AS IDENTITY', ` AS IDENTITY${options}`);
}

/** The options of an identity's sequence, without the type, which is that of the column. */
export function identityOptions(sequence: Fact): string {
  return [`SEQUENCE NAME ${qualifiedName(sequence.schema, sequence.name)}`, ...sequenceClauses(sequence)].join(' ');
}

export function identitySequence(schema: string, table: string, column: string, want: Facts): Fact | undefined {
  return want
    .ofTable(schema, table, 'sequence')
    .find(({ attributes }) => attributes['ownedBy'] === `${table}.${column}`);
}

/** Returns CREATE VIEW. With OR REPLACE, the objects that depend on the view are kept. */
export function createViewSql(fact: Fact, want: Facts, orReplace = false): string {
  const { schema, table, attributes } = fact;
  const query = want.find({ kind: 'view', schema, table, name: table })?.attributes['definition'] ?? '';
  const isMaterialized = attributes['kind'] === 'materialized view';
  const create = `CREATE ${orReplace ? 'OR REPLACE ' : ''}${isMaterialized ? 'MATERIALIZED ' : ''}VIEW`;
  const options = attributes['options'] === 'none' ? '' : ` WITH (${attributes['options']})`;
  return `${create} ${qualifiedName(schema, table)}${options} AS ${query}`;
}
