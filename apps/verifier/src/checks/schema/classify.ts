/** Which guarantee a difference breaks: exactly one. */
import type { Difference, Fact } from '@todo/db/catalog';

import type { CatalogComparison } from '../../schema-comparison.ts';

export type SchemaId = `schema/${
  | `table-${'missing' | 'extra' | 'options'}`
  | 'relation-kind'
  | `column-${'missing' | 'extra' | 'type' | 'nullability' | 'default' | 'order'}`
  | 'primary-key'
  | `index-${'missing' | 'extra' | 'definition' | 'invalid'}`
  | `fk-${'missing' | 'definition'}`
  | `constraint-${'missing' | 'not-valid' | 'extra'}`
  | 'name'
  | 'sequence'}`;

export function idOf(difference: Difference, comparison: CatalogComparison): SchemaId {
  if (difference.change === 'renamed') return 'schema/name';
  switch (difference.kind) {
    case 'table':
      return ofTable(difference);
    case 'column':
      return ofColumn(difference);
    case 'index':
      return ofIndex(difference);
    case 'constraint':
      return ofConstraint(difference, comparison);
    case 'sequence':
      return 'schema/sequence';
    default:
      return difference.kind satisfies never;
  }
}

function ofTable({ change, attribute }: Difference): SchemaId {
  if (change === 'missing') return 'schema/table-missing';
  if (change === 'extra') return 'schema/table-extra';
  if (attribute === 'columnOrder') return 'schema/column-order';
  const isOfItsKind = attribute === 'kind' || attribute === 'persistence' || attribute === 'inherits';
  return isOfItsKind ? 'schema/relation-kind' : 'schema/table-options';
}

function ofColumn({ change, attribute }: Difference): SchemaId {
  if (change === 'missing') return 'schema/column-missing';
  if (change === 'extra') return 'schema/column-extra';
  if (attribute === 'nullability') return 'schema/column-nullability';
  if (attribute === 'validity') return 'schema/constraint-not-valid';
  return attribute === 'type' || attribute === 'collation' ? 'schema/column-type' : 'schema/column-default';
}

function ofIndex({ change, attribute }: Difference): SchemaId {
  if (change === 'missing') return 'schema/index-missing';
  if (change === 'extra') return 'schema/index-extra';
  return attribute === 'indexState' ? 'schema/index-invalid' : 'schema/index-definition';
}

function ofConstraint(difference: Difference, { have, want }: CatalogComparison): SchemaId {
  const { change, attribute } = difference;
  const type = factOf(difference, change === 'extra' ? have : want)?.attributes['constraintType'];
  if (attribute === 'indexState') return 'schema/index-invalid';
  if (attribute === 'validity') return 'schema/constraint-not-valid';
  if (type === 'primary key') return 'schema/primary-key';
  if (change === 'extra') return 'schema/constraint-extra';
  if (type !== 'foreign key') return 'schema/constraint-missing';
  return change === 'missing' ? 'schema/fk-missing' : 'schema/fk-definition';
}

export function factOf({ kind, table, name }: Difference, facts: readonly Fact[]): Fact | undefined {
  return facts.find((fact) => fact.kind === kind && fact.table === table && fact.name === name);
}
