/** Compares the order of columns, and removes differences that follow from a view's query or from a parent table. */
import type { Difference } from './difference.ts';
import { type Fact, isPartition, isView, keyOf } from './fact.ts';
import type { Facts } from './facts.ts';
import { compareLists, listOf, namesObject } from './quoted.ts';

/** Returns one difference per table in which the common columns have another order. */
export function compareColumnOrder(have: Facts, want: Facts, isCompared: (fact: Fact) => boolean): Difference[] {
  const tables = want.all.filter((fact) => fact.kind === 'table' && !isView(fact) && !isPartition(fact));
  return tables.flatMap((tableFact) => {
    const { schema, table } = tableFact;
    const namesOfCommonColumns = (facts: Facts, others: Facts): string => {
      const columns = facts
        .columns(schema, table)
        .filter((fact) => isCompared(fact) && others.find(fact) !== undefined);
      return columns.map(({ name }) => name).join(', ');
    };
    const [before, after] = [namesOfCommonColumns(have, want), namesOfCommonColumns(want, have)];
    if (before === after) return [];
    return [{ ...keyOf(tableFact), change: 'changed' as const, attribute: 'columnOrder', have: before, want: after }];
  });
}

/**
 * Removes differences that follow from others: columns of a view follow from its query; columns of a partition or child follow from its
 * parent. A missing child is listed once, and not at its parent as well.
 */
export function removeInherited(differences: readonly Difference[], have: Facts, want: Facts): Difference[] {
  const listedKeys = new Set(differences.map(keyOfDifference));
  const missingTables = differences.filter(({ kind, change }) => kind === 'table' && change === 'missing');
  return differences.filter((difference) => {
    const table = want.table(difference.schema, difference.table) ?? have.table(difference.schema, difference.table);
    if (table === undefined) return true;
    if (difference.kind === 'table') return !isAboutMissingChildren(difference, missingTables);
    if (difference.kind !== 'column') return true;
    if (isView(table)) return difference.attribute === 'default';
    return !parentsOf(table, [...want.all, ...have.all]).some(({ schema, table: parent }) =>
      listedKeys.has(keyOfDifference({ ...difference, schema, table: parent })),
    );
  });
}

/** Whether the parent lacks only children that do not exist: each has a difference, too. */
function isAboutMissingChildren(difference: Difference, missingTables: readonly Difference[]): boolean {
  const { removed, added } = compareLists(difference);
  return (
    difference.attribute === 'inheritedBy' &&
    removed.length === 0 &&
    added.every((child) => missingTables.some(({ schema, name }) => namesObject(child, schema, name)))
  );
}

/** The tables from which the table inherits, or whose partition it is. */
function parentsOf({ attributes }: Fact, facts: readonly Fact[]): Fact[] {
  const parents = listOf(attributes['inherits'] ?? 'none');
  if (parents.length === 0) return [];
  return facts.filter(
    ({ kind, schema, table }) => kind === 'table' && parents.some((parent) => namesObject(parent, schema, table)),
  );
}

function keyOfDifference({ kind, schema, table, name, change, attribute = '' }: Difference): string {
  return JSON.stringify([kind, schema, table, name, change, attribute]);
}
