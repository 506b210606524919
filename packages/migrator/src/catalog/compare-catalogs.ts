/** Compares two catalogs. */
import { compareColumnOrder, removeInherited } from './compare-columns.ts';
import type { Difference } from './difference.ts';
import { compareKindAndName, compareText, describeFact, type Fact, FACT_KINDS, placeOf } from './fact.ts';
import { Facts } from './facts.ts';
import { isLeftOutIfExtra, REDUNDANT } from './left-out.ts';
import { objectsOnOneSide, ownersOf } from './one-side.ts';

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
  // A foreign key between compared schemas is a `constraint` already.
  const isListedOnce = ({ attributes: { from } }: Fact) => from === undefined || !schemas.has(from);
  const extraSchemas = listsExtraSchemas ? schemasOfMigrator(allHave) : new Set<string>();
  const have = allHave.filter(
    (fact) => (schemas.has(fact.schema) || extraSchemas.has(fact.schema)) && isListedOnce(fact),
  );
  const want = allWant.filter(isListedOnce);

  const oneSided = objectsOnOneSide(have, want);
  // Parts of an object that only one catalog has are not listed.
  const ownersAreInBoth = (fact: Fact) => !ownersOf(fact).some((owner) => oneSided.has(owner));
  const isListed = (fact: Fact) => ownersAreInBoth(fact) && !isSequenceAccess(fact);
  const found = new Facts(have);
  const wanted = new Facts(want);
  const missing = want.filter((fact) => found.find(fact) === undefined && isListed(fact));
  const extra = have.filter((fact) => wanted.find(fact) === undefined && isListed(fact) && !isLeftOutIfExtra(fact));
  const renamed = pairRenamed(extra, missing);
  const explained = new Set(renamed.flat());

  const differences = [
    ...missing.filter((fact) => !explained.has(fact)).map(toMissing),
    ...extra.filter((fact) => !explained.has(fact)).map(toExtra),
    ...renamed.map(toRenamed),
    ...want.filter(ownersAreInBoth).flatMap((fact) => compareAttributes(found.find(fact), fact)),
    ...compareColumnOrder(found, wanted, ownersAreInBoth),
  ];
  return removeInherited(differences, found, wanted).toSorted(compareSchemaAndTable);
}

/** Whether the fact lists privileges on a sequence: the catalog in which a default uses the sequence lists them with the table. */
function isSequenceAccess({ kind, name }: Fact): boolean {
  return kind === 'access' && name.startsWith('sequence ');
}

/** Finds the schemas of the migrator by their privileges: nobody else owns them. */
function schemasOfMigrator(facts: readonly Fact[]): Set<string> {
  const own = facts.filter(
    ({ kind, schema, name, attributes }) =>
      kind === 'access' && name === `schema ${schema}` && attributes['owner'] === 'none',
  );
  return new Set(own.map(({ schema }) => schema));
}

function pairRenamed(extra: readonly Fact[], missing: readonly Fact[]): [have: Fact, want: Fact][] {
  const candidates = new Set(
    extra.filter(({ kind }) => kind === 'index' || kind === 'constraint').toSorted(compareKindAndName),
  );
  return missing.toSorted(compareKindAndName).flatMap((want) => {
    const have = [...candidates].find(
      (other) =>
        other.kind === want.kind &&
        other.schema === want.schema &&
        other.table === want.table &&
        compareAttributes(other, want).length === 0,
    );
    if (have === undefined) return [];
    candidates.delete(have);
    return [[have, want] as [Fact, Fact]];
  });
}

function compareAttributes(have: Fact | undefined, want: Fact): Difference[] {
  if (have === undefined) return [];
  const isOtherKind =
    (want.kind === 'table' || want.kind === 'type') && have.attributes['kind'] !== want.attributes['kind'];
  return Object.entries(want.attributes).flatMap(([attribute, after]) => {
    const before = have.attributes[attribute] ?? 'none';
    if (before === after || REDUNDANT[want.kind]?.has(attribute)) return [];
    if (isOtherKind && attribute !== 'kind') return [];
    return [{ ...placeOf(want), change: 'changed' as const, attribute, have: before, want: after }];
  });
}

const toMissing = (fact: Fact): Difference => ({ ...placeOf(fact), change: 'missing', want: describeFact(fact) });
const toExtra = (fact: Fact): Difference => ({ ...placeOf(fact), change: 'extra', have: describeFact(fact) });

function toRenamed([have, want]: [Fact, Fact]): Difference {
  return { ...placeOf(want), change: 'renamed', have: have.name, want: want.name };
}

function compareSchemaAndTable(a: Difference, b: Difference): number {
  return (
    compareText(a.schema, b.schema) ||
    compareText(a.table, b.table) ||
    FACT_KINDS.indexOf(a.kind) - FACT_KINDS.indexOf(b.kind) ||
    compareText(a.name, b.name) ||
    compareText(a.attribute ?? '', b.attribute ?? '')
  );
}
