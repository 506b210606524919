/** Maps a difference to the id of the check that reports it. */
import type { Difference, Fact } from '@todo/migrator/catalog';

import { type CatalogComparison, isSameObject } from '../../schema-comparison.ts';
import type { SchemaId } from './guarantees.ts';

/** The id of the check that reports the difference. */
export function checkIdOf(difference: Difference, comparison: CatalogComparison): SchemaId {
  if (difference.change === 'renamed') return 'schema/name';
  switch (difference.kind) {
    case 'table':
      return tableCheckId(difference, comparison);
    case 'column':
      return columnCheckId(difference);
    case 'index':
      return indexCheckId(difference);
    case 'constraint':
      return constraintCheckId(difference, comparison);
    case 'sequence':
      // An extra sequence that belongs to no column.
      return difference.change === 'extra' && difference.table === '' ? 'schema/extra-object' : 'schema/sequence';
    case 'access':
      return 'schema/privileges';
    case 'row security':
    case 'policy':
      return 'schema/rls';
    case 'trigger':
    case 'rule':
      return 'schema/trigger-rule';
    case 'storage':
    case 'comment':
      return 'schema/table-options';
    case 'schema':
      return difference.change === 'missing' ? 'schema/table-missing' : 'schema/extra-object';
    case 'type':
      return difference.change === 'extra' ? 'schema/extra-object' : 'schema/enum';
    case 'domain constraint':
      return difference.change === 'extra' ? 'schema/constraint-extra' : 'schema/constraint-missing';
    case 'view':
      return 'schema/view';
    case 'function':
    case 'extension':
      return difference.change === 'extra' ? 'schema/extra-object' : 'schema/function';
    case 'object':
      return difference.name.startsWith('foreign key ') ? 'schema/constraint-extra' : 'schema/extra-object';
    default:
      return difference.kind satisfies never;
  }
}

function tableCheckId(difference: Difference, { have, want }: CatalogComparison): SchemaId {
  const { change, attribute } = difference;
  if (change === 'missing') return isView(factOf(difference, want)) ? 'schema/view' : 'schema/table-missing';
  if (change === 'extra') return isView(factOf(difference, have)) ? 'schema/extra-object' : 'schema/table-extra';
  if (attribute === 'columnOrder') return 'schema/column-order';
  return KIND_ATTRIBUTES.has(attribute ?? '') ? 'schema/relation-kind' : 'schema/table-options';
}

const KIND_ATTRIBUTES = new Set(['kind', 'persistence', 'inherits', 'inheritedBy', 'ofType']);

function isView(fact: Fact | undefined): boolean {
  return fact?.attributes['kind']?.endsWith('view') === true;
}

function columnCheckId({ change, attribute }: Difference): SchemaId {
  if (change === 'missing') return 'schema/column-missing';
  if (change === 'extra') return 'schema/column-extra';
  if (attribute === 'nullability') return 'schema/column-nullability';
  if (attribute === 'validity') return 'schema/constraint-not-valid';
  return attribute === 'type' || attribute === 'collation' ? 'schema/column-type' : 'schema/column-default';
}

function indexCheckId({ change, attribute }: Difference): SchemaId {
  if (change === 'missing') return 'schema/index-missing';
  if (change === 'extra') return 'schema/index-extra';
  return attribute === 'indexState' ? 'schema/index-invalid' : 'schema/index-definition';
}

function constraintCheckId(difference: Difference, { have, want }: CatalogComparison): SchemaId {
  const { change, attribute } = difference;
  const type = factOf(difference, change === 'extra' ? have : want)?.attributes['constraintType'];
  if (attribute === 'indexState') return 'schema/index-invalid';
  if (attribute === 'validity') return 'schema/constraint-not-valid';
  if (attribute === 'disabledTriggers') return 'schema/fk-trigger-disabled';
  if (attribute === 'options') return 'schema/index-definition';
  if (type === 'primary key') return 'schema/primary-key';
  if (change === 'extra') return 'schema/constraint-extra';
  if (type !== 'foreign key') return 'schema/constraint-missing';
  const isInDatabase = factOf(difference, have)?.attributes['constraintType'] === type;
  return isInDatabase ? 'schema/fk-definition' : 'schema/fk-missing';
}

/** The catalog entry that a difference is about. */
export function factOf(difference: Parameters<typeof isSameObject>[0], facts: readonly Fact[]): Fact | undefined {
  return facts.find((fact) => isSameObject(fact, difference));
}
