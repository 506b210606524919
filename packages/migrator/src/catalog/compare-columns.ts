/** Differences of columns: their order, and differences that follow from a view's query or from a parent table. */
import type { Difference } from './difference.ts';
import { compareText, type Fact, isPartition, isView } from './fact.ts';
import { listOf, quoted } from './quoted.ts';

/** Returns one difference per table in which the common columns have another order. */
export function compareColumnOrder(
  have: readonly Fact[],
  want: readonly Fact[],
  isOpen: (fact: Fact) => boolean,
): Difference[] {
  const found = columnsByTable(have);
  const wanted = columnsByTable(want.filter(isOpen));
  const tables = want.filter((fact) => fact.kind === 'table' && isOpen(fact) && !isView(fact) && !isPartition(fact));
  return tables.flatMap(({ schema, table }) => {
    const [haveColumns = [], wantColumns = []] = [found.get(keyOf(schema, table)), wanted.get(keyOf(schema, table))];
    const [haveNames, wantNames] = [new Set(haveColumns), new Set(wantColumns)];
    const before = haveColumns.filter((name) => wantNames.has(name)).join(', ');
    const after = wantColumns.filter((name) => haveNames.has(name)).join(', ');
    if (before === after) return [];
    const place = { kind: 'table' as const, schema, table, name: table };
    return [{ ...place, change: 'changed' as const, attribute: 'columnOrder', have: before, want: after }];
  });
}

/**
 * Removes differences that follow from others: columns of a view follow from its query; columns of a partition or child follow from its
 * parent. A missing child is listed once, and not again at its parent.
 */
export function withoutInherited(
  differences: readonly Difference[],
  have: readonly Fact[],
  want: readonly Fact[],
): Difference[] {
  const tables = new Map(
    [...have, ...want].filter(({ kind }) => kind === 'table').map((fact) => [keyOf(fact.schema, fact.table), fact]),
  );
  const listed = new Set(differences.map(keyOfDifference));
  const missing = new Set(
    differences
      .filter(({ kind, change }) => kind === 'table' && change === 'missing')
      .map(({ schema, name }) => keyOf(schema, name)),
  );
  return differences.filter((difference) => {
    const table = tables.get(keyOf(difference.schema, difference.table));
    if (table === undefined) return true;
    if (difference.kind === 'table') return !isAboutMissingChildren(difference, tables, missing);
    if (difference.kind !== 'column') return true;
    if (isView(table)) return difference.attribute === 'default';
    return !parentsOf(table, tables).some(({ schema, table: parent }) =>
      listed.has(keyOfDifference({ ...difference, schema, table: parent })),
    );
  });
}

function isAboutMissingChildren(
  { attribute, have = '', want = '' }: Difference,
  tables: ReadonlyMap<string, Fact>,
  missing: ReadonlySet<string>,
): boolean {
  if (attribute !== 'inheritedBy') return false;
  const [found, wanted] = [listOf(have), listOf(want)];
  const gone = wanted.filter((name) => !found.includes(name));
  const byName = new Map([...tables.values()].map((fact) => [spelled(fact), fact]));
  return (
    found.every((name) => wanted.includes(name)) &&
    gone.every((name) => {
      const child = byName.get(name);
      return child !== undefined && missing.has(keyOf(child.schema, child.table));
    })
  );
}

function parentsOf({ attributes }: Fact, tables: ReadonlyMap<string, Fact>): Fact[] {
  const names = new Set(listOf(attributes['inherits'] ?? 'none'));
  return names.size === 0 ? [] : [...tables.values()].filter((fact) => names.has(spelled(fact)));
}

/** The name as `regclass` prints it, except for keywords. */
function spelled({ schema, table }: Fact): string {
  return [schema, table].map((name) => (/^[a-z_][a-z0-9_$]*$/.test(name) ? name : quoted(name))).join('.');
}

function columnsByTable(facts: readonly Fact[]): Map<string, string[]> {
  const columns = facts
    .filter(({ kind }) => kind === 'column')
    .toSorted(
      (a, b) => Number(a.attributes['position']) - Number(b.attributes['position']) || compareText(a.name, b.name),
    );
  const names = new Map<string, string[]>();
  for (const { schema, table, name } of columns) {
    const key = keyOf(schema, table);
    names.set(key, [...(names.get(key) ?? []), name]);
  }
  return names;
}

function keyOf(schema: string, table: string): string {
  return JSON.stringify([schema, table]);
}

function keyOfDifference({ kind, schema, table, name, change, attribute = '' }: Difference): string {
  return JSON.stringify([kind, schema, table, name, change, attribute]);
}
