/** How one catalog differs from another. */
import { byKindAndName, compareText, describeFact, type Fact, FACT_KINDS, type FactKind } from './fact.ts';

/**
 * One thing that is not as wanted.
 *
 * - `missing`, `extra`: the whole object; `want` or `have` describes it. What belongs to a missing or extra table is not
 *   listed beside it.
 * - `renamed`: an index or a constraint of the same definition stands under another name; `name` and `want` are the wanted
 *   name, `have` the other.
 * - `changed`: one attribute, from `have` to `want`. `columnOrder` is an attribute of the table, about the columns that
 *   both have.
 */
export interface Difference {
  readonly kind: FactKind;
  readonly table: string;
  readonly name: string;
  readonly change: 'missing' | 'extra' | 'changed' | 'renamed';
  readonly attribute?: string;
  readonly have?: string;
  readonly want?: string;
}

/**
 * Compares two catalogs as `readCatalog` gives them, in any order. Pure; the result is sorted by table, kind, name and
 * attribute, and empty when they are equal.
 */
export function compareCatalogs(have: readonly Fact[], want: readonly Fact[]): Difference[] {
  const moot = mootTables(have, want);
  const isOpen = (fact: Fact) => fact.kind === 'table' || !moot.has(fact.table);
  const found = byIdentity(have);
  const wanted = byIdentity(want);
  const missing = want.filter((fact) => !found.has(identity(fact)) && isOpen(fact));
  const extra = have.filter((fact) => !wanted.has(identity(fact)) && isOpen(fact));
  const renamed = pairRenamed(extra, missing);
  const explained = new Set(renamed.flat());

  return [
    ...missing.filter((fact) => !explained.has(fact)).map(toMissing),
    ...extra.filter((fact) => !explained.has(fact)).map(toExtra),
    ...renamed.map(toRenamed),
    ...want.filter(isOpen).flatMap((fact) => compareAttributes(found.get(identity(fact)), fact)),
    ...want
      .filter(({ kind, name }) => kind === 'table' && !moot.has(name))
      .flatMap(({ name }) => compareColumnOrder(name, have, want)),
  ].toSorted(byTable);
}

// A definition is compared in its parts, a constraint's `terms` begin with its type, and one column that was added
// again at the end would move the positions of all behind it.
const NOT_COMPARED = new Set(['definition', 'constraintType', 'position']);

/** Tables that one side lacks, or that are a view on one side: what belongs to them needs no line of its own. */
function mootTables(have: readonly Fact[], want: readonly Fact[]): Set<string> {
  const found = kindsOfTables(have);
  const wanted = kindsOfTables(want);
  const names = [...found.keys(), ...wanted.keys()];
  return new Set(names.filter((name) => found.get(name) !== wanted.get(name)));
}

function kindsOfTables(facts: readonly Fact[]): Map<string, string | undefined> {
  const tables = facts.filter(({ kind }) => kind === 'table');
  return new Map(tables.map(({ name, attributes }) => [name, attributes['kind']]));
}

function byIdentity(facts: readonly Fact[]): Map<string, Fact> {
  return new Map(facts.map((fact) => [identity(fact), fact]));
}

/** A sequence keeps its name when its owner changes; everything else is known by its table and its name. */
function identity({ kind, table, name }: Fact): string {
  return JSON.stringify(kind === 'sequence' ? [kind, name] : [kind, table, name]);
}

function pairRenamed(extra: readonly Fact[], missing: readonly Fact[]): [have: Fact, want: Fact][] {
  const candidates = new Set(
    extra.filter(({ kind }) => kind === 'index' || kind === 'constraint').toSorted(byKindAndName),
  );
  return missing.toSorted(byKindAndName).flatMap((want) => {
    const have = [...candidates].find(
      (other) => other.kind === want.kind && other.table === want.table && compareAttributes(other, want).length === 0,
    );
    if (have === undefined) return [];
    candidates.delete(have);
    return [[have, want] as [Fact, Fact]];
  });
}

function compareAttributes(have: Fact | undefined, want: Fact): Difference[] {
  if (have === undefined) return [];
  const isOtherKind = want.kind === 'table' && have.attributes['kind'] !== want.attributes['kind'];
  return Object.entries(want.attributes).flatMap(([attribute, after]) => {
    const before = have.attributes[attribute] ?? 'none';
    if (before === after || NOT_COMPARED.has(attribute)) return [];
    if (isOtherKind && attribute !== 'kind') return [];
    return [{ ...place(want), change: 'changed' as const, attribute, have: before, want: after }];
  });
}

function compareColumnOrder(table: string, have: readonly Fact[], want: readonly Fact[]): Difference[] {
  const [found, wanted] = [columnsOf(table, have), columnsOf(table, want)];
  const before = found.filter((name) => wanted.includes(name)).join(', ');
  const after = wanted.filter((name) => found.includes(name)).join(', ');
  if (before === after) return [];
  return [
    {
      kind: 'table',
      table,
      name: table,
      change: 'changed',
      attribute: 'columnOrder',
      have: before,
      want: after,
    },
  ];
}

function columnsOf(table: string, facts: readonly Fact[]): string[] {
  return facts
    .filter((fact) => fact.kind === 'column' && fact.table === table)
    .toSorted((a, b) => Number(a.attributes['position']) - Number(b.attributes['position']))
    .map(({ name }) => name);
}

const toMissing = (fact: Fact): Difference => ({
  ...place(fact),
  change: 'missing',
  want: describeFact(fact),
});
const toExtra = (fact: Fact): Difference => ({
  ...place(fact),
  change: 'extra',
  have: describeFact(fact),
});
const toRenamed = ([have, want]: [Fact, Fact]): Difference => ({
  ...place(want),
  change: 'renamed',
  have: have.name,
  want: want.name,
});

function place({ kind, table, name }: Fact): Pick<Difference, 'kind' | 'table' | 'name'> {
  return { kind, table, name };
}

function byTable(a: Difference, b: Difference): number {
  return (
    compareText(a.table, b.table) ||
    FACT_KINDS.indexOf(a.kind) - FACT_KINDS.indexOf(b.kind) ||
    compareText(a.name, b.name) ||
    compareText(a.attribute ?? '', b.attribute ?? '')
  );
}
