/** Turns a difference into a finding: the live state, the wanted state, and the SQL that fixes it. */
import { type Difference, type Fact, isHarmless, reconcile, quoted } from '@todo/migrator/catalog';

import type { Finding, Severity, Subject } from '../../check.ts';
import { qualifiedName, displayName } from '../../code-tables.ts';
import type { CatalogComparison } from '../../schema-comparison.ts';
import { factOf } from './classify.ts';

export function toFinding(difference: Difference, comparison: CatalogComparison): Finding {
  const { kind } = difference;
  const severity = severityOf(difference, comparison);
  const haveWant = kind === 'access' ? describeAccess(difference) : haveAndWant(difference);
  const subject = aboutOf(difference);
  const fix = fixOf(difference, comparison);
  return {
    ...haveWant,
    ...(subject && { about: subject }),
    ...(fix !== undefined && { fix }),
    ...(severity && { severity }),
  };
}

/** The subject of a finding, from which reports find the place in the code. A type, a view or a schema is named like a table. */
function aboutOf({ kind, schema, table, name }: Difference): Subject | undefined {
  const inSchema = schema !== '' && schema !== 'public' && kind !== 'schema' && { schema };
  if (table !== '') return { ...inSchema, table, ...(name !== table && name !== '' && { name }) };
  return kind === 'type' || kind === 'schema' ? { ...inSchema, table: name } : undefined;
}

function haveAndWant(difference: Difference): Pick<Finding, 'have' | 'want'> {
  const { kind, name, change, attribute, have, want } = difference;
  const subject = describeObject(difference);
  const attributeWords = attribute?.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  switch (change) {
    case 'missing':
      return { have: `no ${subject}`, want: `${subject}: ${want}` };
    case 'extra':
      return { have: kind === 'object' ? name : `${subject}: ${have}`, want: `no ${subject}` };
    case 'renamed':
      return { have: describeObject({ ...difference, name: have ?? '' }), want: `${subject}, of the same definition` };
    case 'changed':
      return { have: `${subject}: ${attributeWords} ${have}`, want: `${attributeWords} ${want}` };
    default:
      return change satisfies never;
  }
}

/** The kind and the name, such as `column todo.title`. The name of an `object` begins with its kind. */
function describeObject({ kind, schema, table, name }: Difference): string {
  if (kind === 'object') return name;
  if (kind === 'schema') return `schema ${name}`;
  const relation = displayName({ schema: schema || 'public', name: table || name });
  if (kind === 'table' || kind === 'view' || table === '') return `${kind} ${relation}`;
  return name === table || name === '' ? `${kind} of ${relation}` : `${kind} ${relation}.${name}`;
}

/** Describes an owner or privileges in words. `privileges-query.ts` says which role each attribute is about. */
function describeAccess({ schema, table, name, attribute, have = '' }: Difference): Pick<Finding, 'have' | 'want'> {
  const subject = table === '' ? `the ${name}` : `table ${displayName({ schema, name: table })}`;
  switch (attribute) {
    case 'owner':
      return { have: `${subject} belongs to ${have}`, want: 'to the role that owns the migrations table' };
    case 'missingForOwner':
      return { have: `the owner of ${subject} has no ${have}`, want: 'all privileges of the owner' };
    case 'missingForCurrentRole':
      return { have: `this role has no ${have} on ${subject}`, want: 'the rights that the application needs' };
    default:
      return { have: `rights of other roles on ${subject}: ${have}`, want: 'no rights for others' };
  }
}

/** The severity of a difference, if it is not the severity of its check. */
function severityOf(difference: Difference, { have }: CatalogComparison): Severity | undefined {
  const { kind, change, attribute = '' } = difference;
  if (kind === 'column' && change === 'extra') {
    const { nullability, default: value, identity, generated } = factOf(difference, have)?.attributes ?? {};
    const isFilled = [value, identity, generated].some((source) => source !== 'none');
    return nullability === 'not null' && !isFilled ? 'error' : undefined;
  }
  if (attribute === 'options' || (kind === 'index' && attribute === 'include')) return 'warning';
  if (kind === 'sequence' && ['start', 'cache'].includes(attribute)) return 'warning';
  if (isHarmless(difference)) return 'info';
  // The right to read was probably granted on purpose.
  const canOnlyRead = kind === 'access' && attribute === 'others' && !MORE_THAN_READING.test(difference.have ?? '');
  return canOnlyRead ? 'warning' : undefined;
}

const MORE_THAN_READING = /PUBLIC|INSERT|UPDATE|DELETE|TRUNCATE|REFERENCES|TRIGGER|CREATE/;

/** The SQL that removes a difference. Undefined if there is none: then the finding has the remedy of its check. */
function fixOf(difference: Difference, comparison: CatalogComparison): string | undefined {
  const renamed = renamedTable(difference, comparison);
  if (renamed !== undefined) {
    return `ALTER TABLE ${qualifiedName({ schema: difference.schema, name: renamed })} RENAME TO ${quoted(difference.name)};`;
  }
  // The code does not define the extra object: only the live catalog knows its kind.
  const { have, want } = comparison;
  const statements = reconcile(difference, factOf(difference, want) === undefined ? have : want);
  return statements.length === 0
    ? undefined
    : [...conflictingRowsQuery(difference), ...statements].map((line) => `${line};`).join('\n');
}

/** The name of an extra table with the columns of the missing one, which was probably renamed. */
function renamedTable(
  { kind, change, schema, name }: Difference,
  { have, want }: CatalogComparison,
): string | undefined {
  if (kind !== 'table' || change !== 'missing') return undefined;
  const wantedColumns = columnsOf({ schema, name }, want);
  const extraTables = have.filter(
    (fact) => fact.kind === 'table' && fact.schema === schema && factOf(fact, want) === undefined,
  );
  return extraTables.find((table) => columnsOf(table, have) === wantedColumns)?.name;
}

/** The names of the columns as one text, to compare. */
function columnsOf(table: Pick<Fact, 'schema' | 'name'>, facts: readonly Fact[]): string {
  const columns = facts.filter(
    (fact) => fact.kind === 'column' && fact.schema === table.schema && fact.table === table.name,
  );
  return columns.map(({ name }) => name).join();
}

/** A query that shows the rows because of which the statements would fail. */
function conflictingRowsQuery({ kind, schema, table, name, attribute, want }: Difference): string[] {
  if (kind !== 'column' || attribute !== 'nullability' || want !== 'not null') return [];
  return [`SELECT * FROM ${qualifiedName({ schema, name: table })} WHERE ${quoted(name)} IS NULL`];
}
