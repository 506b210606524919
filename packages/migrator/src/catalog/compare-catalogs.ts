/** Compares two catalogs: `have`, the facts of a live database, and `want`, those of the wanted one. */
import { compareColumnOrder, removeInherited } from './compare-columns.ts';
import type { Difference } from './difference.ts';
import { compareKindAndName, compareText, describeFact, type Fact, FACT_KINDS, identityOf, keyOf } from './fact.ts';
import { Facts } from './facts.ts';
import { isLeftOutIfExtra, REDUNDANT } from './left-out.ts';
import { objectsOnOneSide, containersOf } from './one-side.ts';

export interface CompareOptions {
  /** Whether extra schemas of the migrator are listed as well. Default false. */
  readonly listsExtraSchemas?: boolean;
}

/**
 * Compares two catalogs of `readCatalog`, in any order. `LEFT_OUT` lists the rules for what is not compared. The function is pure. The
 * result is sorted by schema, table, kind, name and attribute, and empty if the catalogs are equal.
 */
export function compareCatalogs(
  allHave: readonly Fact[],
  allWant: readonly Fact[],
  { listsExtraSchemas = false }: CompareOptions = {},
): Difference[] {
  const schemas = new Set(['', 'public', ...allWant.map(({ schema }) => schema)]);
  // Only a foreign key from another schema has `from`: that schema. If it is compared, too, the key is a `constraint` already.
  const isListedOnce = ({ attributes: { from } }: Fact) => from === undefined || !schemas.has(from);
  const haveSchemas = new Set([...schemas, ...(listsExtraSchemas ? schemasOfMigrator(allHave) : [])]);
  const have = allHave.filter((fact) => haveSchemas.has(fact.schema) && isListedOnce(fact));
  const want = allWant.filter(isListedOnce);

  const oneSidedObjects = objectsOnOneSide(have, want);
  // Parts of an object that only one catalog has are not listed.
  const containersAreInBoth = (fact: Fact) => !containersOf(fact).some((key) => oneSidedObjects.has(key));
  const isListed = (fact: Fact) => containersAreInBoth(fact) && !isSequenceAccess(fact);
  const haveFacts = new Facts(have);
  const wantFacts = new Facts(want);
  const missing = want.filter((fact) => haveFacts.find(fact) === undefined && isListed(fact));
  const extra = have.filter((fact) => wantFacts.find(fact) === undefined && isListed(fact) && !isLeftOutIfExtra(fact));
  const renamedPairs = pairRenamed(extra, missing);
  const renamedFacts = new Set(renamedPairs.flat());

  const differences = [
    ...missing.filter((fact) => !renamedFacts.has(fact)).map(toMissing),
    ...extra.filter((fact) => !renamedFacts.has(fact)).map(toExtra),
    ...renamedPairs.map(toRenamed),
    ...want.filter(containersAreInBoth).flatMap((fact) => compareAttributes(haveFacts.find(fact), fact)),
    ...compareColumnOrder(haveFacts, wantFacts, containersAreInBoth),
  ];
  return removeInherited(differences, haveFacts, wantFacts).toSorted(compareForSorting);
}

/** Whether the fact lists privileges on a sequence alone. They are not compared: a catalog in which a default uses it has them at the table. */
function isSequenceAccess({ kind, name }: Fact): boolean {
  return kind === 'access' && name.startsWith('sequence ');
}

/** Returns the schemas that the migrator owns: the `owner` of their privileges is `none`, which means no other role. */
function schemasOfMigrator(facts: readonly Fact[]): string[] {
  const ofSchemas = facts.filter(({ kind, schema, name }) => kind === 'access' && name === `schema ${schema}`);
  return ofSchemas.filter(({ attributes }) => attributes['owner'] === 'none').map(({ schema }) => schema);
}

/** Pairs each missing index or constraint with an extra one of the same table that differs only in its name. */
function pairRenamed(extra: readonly Fact[], missing: readonly Fact[]): [have: Fact, want: Fact][] {
  const renamable = extra.filter(({ kind }) => kind === 'index' || kind === 'constraint');
  const candidates = new Set(renamable.toSorted(compareKindAndName));
  return missing.toSorted(compareKindAndName).flatMap((want) => {
    const have = [...candidates].find(
      (other) =>
        identityOf({ ...other, name: want.name }) === identityOf(want) && compareAttributes(other, want).length === 0,
    );
    if (have === undefined) return [];
    candidates.delete(have);
    return [[have, want] as [Fact, Fact]];
  });
}

/**
 * Returns a difference for each attribute that differs; none if the live catalog has no such fact. If a table or type has another kind,
 * returns only that difference: the others follow from it.
 */
function compareAttributes(have: Fact | undefined, want: Fact): Difference[] {
  if (have === undefined) return [];
  const isOtherKind =
    (want.kind === 'table' || want.kind === 'type') && have.attributes['kind'] !== want.attributes['kind'];
  return Object.entries(want.attributes).flatMap(([attribute, after]) => {
    const before = have.attributes[attribute] ?? 'none';
    if (before === after || REDUNDANT[want.kind]?.has(attribute)) return [];
    if (isOtherKind && attribute !== 'kind') return [];
    return [{ ...keyOf(want), change: 'changed' as const, attribute, have: before, want: after }];
  });
}

const toMissing = (fact: Fact): Difference => ({ ...keyOf(fact), change: 'missing', want: describeFact(fact) });
const toExtra = (fact: Fact): Difference => ({ ...keyOf(fact), change: 'extra', have: describeFact(fact) });

function toRenamed([have, want]: [Fact, Fact]): Difference {
  return { ...keyOf(want), change: 'renamed', have: have.name, want: want.name };
}

function compareForSorting(a: Difference, b: Difference): number {
  return (
    compareText(a.schema, b.schema) ||
    compareText(a.table, b.table) ||
    FACT_KINDS.indexOf(a.kind) - FACT_KINDS.indexOf(b.kind) ||
    compareText(a.name, b.name) ||
    compareText(a.attribute ?? '', b.attribute ?? '')
  );
}
