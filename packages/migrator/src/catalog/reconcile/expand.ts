/** Adds the differences of the parts of a missing table, view, type, function or schema, which a comparison does not list. */
import type { Difference } from '../difference.ts';
import { describeFact, type Fact, identityOf, isView, keyOf } from '../fact.ts';
import { asContainer, containersOf } from '../one-side.ts';
import { defaultPrivileges } from './access.ts';
import type { ReconcileInput } from './reconcile-input.ts';

/** Returns the difference, with those of the parts of an object that is created, and of the objects in a schema that is dropped. */
export function addPartDifferences(difference: Difference, input: ReconcileInput): Difference[] {
  const { change, attribute } = difference;
  if (change === 'extra')
    return difference.kind === 'schema' ? [difference, ...extraContents(difference, input)] : [difference];
  const isCreated = change === 'missing' || (attribute === 'kind' && difference.kind === 'table');
  const [key] = isCreated ? asContainer({ ...difference, attributes: {} }) : [];
  if (key === undefined) return [difference];
  const parts = input.want.all.filter((fact) => containersOf(fact).includes(key));
  return [difference, ...parts.flatMap((fact) => differencesAfterCreate(fact, input))];
}

/** Derives the live catalog from the wanted one, by reverting the differences. Extra objects stay unknown. */
export function liveFromWanted(differences: readonly Difference[], want: readonly Fact[]): Fact[] {
  const missing = differences.filter(({ change }) => change === 'missing');
  const missingFacts = new Set(missing.map(identityOf));
  const missingContainers = new Set(missing.flatMap((difference) => asContainer({ ...difference, attributes: {} })));
  const changes = new Map<string, Difference[]>();
  for (const difference of differences) {
    if (difference.change !== 'changed') continue;
    const identity = identityOf(difference);
    changes.set(identity, [...(changes.get(identity) ?? []), difference]);
  }
  return want
    .filter((fact) => !missingFacts.has(identityOf(fact)))
    .filter((fact) => !containersOf(fact).some((key) => missingContainers.has(key)))
    .map((fact) => revertChanges(fact, changes.get(identityOf(fact)) ?? []));
}

function revertChanges(fact: Fact, changes: readonly Difference[]): Fact {
  const attributes = changes.map(({ attribute = '', have = '' }): [string, string] => [attribute, have]);
  return { ...fact, attributes: { ...fact.attributes, ...Object.fromEntries(attributes) } };
}

/** The differences between a part right after its object was created and the wanted part. */
export function differencesAfterCreate(fact: Fact, input: ReconcileInput): Difference[] {
  const { kind, schema, table, attributes } = fact;
  // `valueAfterCreate`: the value that CREATE gives to the attribute.
  const changed = (attribute: string, valueAfterCreate: string): Difference[] => {
    const want = attributes[attribute] ?? valueAfterCreate;
    if (want === valueAfterCreate) return [];
    return [{ ...keyOf(fact), change: 'changed', attribute, have: valueAfterCreate, want }];
  };
  switch (kind) {
    case 'column':
      return isView(input.want.table(schema, table)) ? changed('default', 'none') : [];
    case 'view':
      return [];
    case 'row security':
      return changed('state', 'disabled');
    case 'access':
      return ['others', 'missingForOwner', 'owner'].flatMap((attribute) =>
        changed(attribute, attribute === 'others' ? defaultPrivileges(fact, input) : 'none'),
      );
    case 'storage':
      return Object.keys(attributes).flatMap((attribute) =>
        changed(attribute, attribute === 'tablespace' ? 'default' : 'none'),
      );
    default:
      return [{ ...keyOf(fact), change: 'missing', want: describeFact(fact) }];
  }
}

/** The objects in an extra schema, as differences. A sequence that a column owns is dropped with its table. */
function extraContents({ schema }: Difference, { have }: ReconcileInput): Difference[] {
  const objects = have.all.filter((fact) => fact.schema === schema && KINDS_IN_SCHEMA.has(fact.kind));
  return objects
    .filter(({ kind, table }) => kind !== 'sequence' || table === '')
    .map((fact) => Object.assign(keyOf(fact), { change: 'extra' as const, have: describeFact(fact) }));
}

const KINDS_IN_SCHEMA = new Set<Fact['kind']>(['table', 'type', 'function', 'sequence', 'object']);
