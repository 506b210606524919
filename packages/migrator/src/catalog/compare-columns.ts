/** Compares the order of columns, and removes differences that follow from a view's query or from a parent table. */
import type { Difference } from './difference.ts';
import { type Fact, isPartition, isView, keyOf } from './fact.ts';
import type { Facts } from './facts.ts';
import { compareLists, listOf, quoted } from './quoted.ts';

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
  const missingTables = new Set(
    differences
      .filter(({ kind, change }) => kind === 'table' && change === 'missing')
      .map(({ schema, name }) => toRegclassText({ schema, table: name })),
  );
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
function isAboutMissingChildren(difference: Difference, missingTables: ReadonlySet<string>): boolean {
  const { removed, added } = compareLists(difference);
  return (
    difference.attribute === 'inheritedBy' && removed.length === 0 && added.every((name) => missingTables.has(name))
  );
}

/** The tables from which the table inherits, or whose partition it is. */
function parentsOf({ attributes }: Fact, facts: readonly Fact[]): Fact[] {
  const names = new Set(listOf(attributes['inherits'] ?? 'none'));
  return names.size === 0 ? [] : facts.filter((fact) => fact.kind === 'table' && names.has(toRegclassText(fact)));
}

/** The table's name as `regclass` prints it, except for keywords. */
function toRegclassText({ schema, table }: Pick<Fact, 'schema' | 'table'>): string {
  return [schema, table].map((name) => (/^[a-z_][a-z0-9_$]*$/.test(name) ? name : quoted(name))).join('.');
}

function keyOfDifference({ kind, schema, table, name, change, attribute = '' }: Difference): string {
  return JSON.stringify([kind, schema, table, name, change, attribute]);
}
