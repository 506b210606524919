/** Finds possible renames: a missing object may be an extra object under another name. Only a person can decide that. */
import type { Difference, Fact } from '../../catalog/index.ts';
import { quoted } from '../../catalog/quoted.ts';

export interface PossibleRename {
  readonly kind: 'table' | 'column';
  readonly schema: string;
  /** The table of a column. */
  readonly table: string;
  /** The wanted name. */
  readonly name: string;
  /** The extra objects with the same definition. */
  readonly candidates: readonly string[];
}

/** Finds missing tables and columns that may be renamed: tables are compared by their columns, columns by their types. */
export function findPossibleRenames(
  differences: readonly Difference[],
  have: readonly Fact[],
  want: readonly Fact[],
): PossibleRename[] {
  return differences.flatMap((missing) => {
    const { kind, schema, table, name, change } = missing;
    if (change !== 'missing' || (kind !== 'table' && kind !== 'column')) return [];
    const shape = shapeOf(missing, want);
    const inSameContainer = differences.filter(
      (extra) => extra.kind === kind && extra.schema === schema && (kind === 'table' || extra.table === table),
    );
    const candidates = inSameContainer
      .filter((extra) => extra.change === 'extra' && shapeOf(extra, have) === shape)
      .map((extra) => extra.name);
    return candidates.length === 0 ? [] : [{ kind, schema, table: kind === 'table' ? '' : table, name, candidates }];
  });
}

/** A text that is equal for tables with the same kind and columns, and for columns of the same type. */
function shapeOf({ kind, schema, table, name }: Difference, facts: readonly Fact[]): string {
  const columns = facts.filter((fact) => fact.kind === 'column' && fact.schema === schema && fact.table === table);
  if (kind === 'column') return columns.find((column) => column.name === name)?.attributes['type'] ?? '';
  const tableFact = facts.find((fact) => fact.kind === 'table' && fact.schema === schema && fact.name === name);
  const shapes = columns.map((column) => `${column.name} ${column.attributes['type']}`).toSorted();
  return JSON.stringify([tableFact?.attributes['kind'], shapes]);
}

export interface Rename extends Omit<PossibleRename, 'candidates'> {
  readonly from: string;
}

export function renameStatement({ kind, schema, table, from, name }: Rename): string {
  return kind === 'table'
    ? `ALTER TABLE ${quoted(schema)}.${quoted(from)} RENAME TO ${quoted(name)}`
    : `ALTER TABLE ${quoted(schema)}.${quoted(table)} RENAME COLUMN ${quoted(from)} TO ${quoted(name)}`;
}

/**
 * Returns the statements that rename sequences: those of a renamed column, or of a table that another tool created. Dropping such a
 * sequence instead would restart its values.
 */
export function renameSequences(have: readonly Fact[], want: readonly Fact[]): string[] {
  const found = sequencesOf(have);
  const wanted = sequencesOf(want);
  return wanted.flatMap((sequence) => {
    const ownerColumn = sequence.attributes['ownedBy'];
    if (ownerColumn === 'none' || hasName(found, sequence)) return [];
    const renamed = found.find(
      ({ schema, name, attributes }) =>
        schema === sequence.schema && attributes['ownedBy'] === ownerColumn && !hasName(wanted, { schema, name }),
    );
    if (renamed === undefined) return [];
    return [`ALTER SEQUENCE ${quoted(renamed.schema)}.${quoted(renamed.name)} RENAME TO ${quoted(sequence.name)}`];
  });
}

function sequencesOf(facts: readonly Fact[]): Fact[] {
  return facts.filter(({ kind }) => kind === 'sequence');
}

function hasName(facts: readonly Fact[], { schema, name }: Pick<Fact, 'schema' | 'name'>): boolean {
  return facts.some((fact) => fact.schema === schema && fact.name === name);
}
