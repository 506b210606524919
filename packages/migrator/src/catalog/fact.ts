/**
 * A fact is one entry of a catalog: a table, a column, a constraint, a privilege list … Its
 * attributes are the same on every PostgreSQL from 15 on and for every role, except `missingForCurrentRole`.
 *
 * The table lists the kinds of facts and their attributes. An attribute that does not apply is `none`; of `access` and
 * `object`, it may be absent. Attributes in brackets are not compared, because they repeat others or serve only reconciling.
 *
 * | kind | one per | attributes |
 * | --- | --- | --- |
 * | `schema` | schema | (definition) |
 * | `extension` | extension | (definition), installedIn |
 * | `type` | enum, domain, composite, range, base type | kind, labels, base, collation, nullability, default, attributes, subtype, (definition), (needs) |
 * | `function` | function, procedure, aggregate, window function; `name` is its signature | definition, (needs) |
 * | `table` | table, partition, foreign table, view, materialized view | kind, persistence, inherits, inheritedBy, ofType, accessMethod, replicaIdentity, options, partitionKey, partitionBound, foreignServer, (needs), columnOrder (in differences only) |
 * | `column` | column | type, collation, nullability, validity, default, generated, identity, (position) |
 * | `view` | view, materialized view | definition: its query |
 * | `index` | index that backs no constraint | unique, method, keys, include, nulls, predicate, options, indexState, (definition) |
 * | `constraint` | primary key, foreign key, unique, check, exclusion | terms, deferrable, validity, indexState, options, disabledTriggers, (constraintType), (definition) |
 * | `domain constraint` | check of a domain; `table` is the domain | definition |
 * | `sequence` | sequence | type, start, increment, minimum, maximum, cache, persistence, cycle, ownedBy |
 * | `access` | table, view, `type …`, `function …`, `sequence …`, `schema …`, `database`, `migrations table`, `new objects`, `members` | owner, missingForOwner, missingForCurrentRole, others, revoked |
 * | `row security` | table, `migrations table` | state |
 * | `policy` | policy | mode, command, roles, using, check, (definition) |
 * | `trigger` | trigger, `table` is empty for the migrations table | definition, enabled |
 * | `rule` | rule, `table` is empty for the migrations table | definition, enabled |
 * | `storage` | table | tablespace, toastOptions, columns, indexes, tuning |
 * | `comment` | commented table, view (`name` is empty) or column | text |
 * | `object` | object of any other kind, its `name` begins with that: `publication …` | definition, (from: only of a foreign key from another schema) |
 *
 * The changes of a difference: `missing`, `extra`, `changed`, `renamed` (indexes and constraints).
 */

/** Facts and differences are sorted in this order. */
export const FACT_KINDS = [
  'schema',
  'extension',
  'type',
  'domain constraint',
  'function',
  'table',
  'column',
  'view',
  'index',
  'constraint',
  'sequence',
  'access',
  'row security',
  'policy',
  'trigger',
  'rule',
  'storage',
  'comment',
  'object',
] as const;

export type FactKind = (typeof FACT_KINDS)[number];

export interface Fact {
  readonly kind: FactKind;
  /** The schema of the object. For a schema, its own name; for an object outside of schemas, such as an extension, empty. */
  readonly schema: string;
  /** The table or view of the object. For a table, its own name; for an object that belongs to no table, empty. */
  readonly table: string;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** The key that identifies a fact; a difference has the key of its fact. */
export type FactKey = Pick<Fact, 'kind' | 'schema' | 'table' | 'name'>;

/** The key of a fact as text. That of a sequence omits the table, because another table can become its owner. */
export function identityOf({ kind, schema, table, name }: FactKey): string {
  return JSON.stringify(kind === 'sequence' ? [kind, schema, name] : [kind, schema, table, name]);
}

export function keyOf({ kind, schema, table, name }: FactKey): FactKey {
  return { kind, schema, table, name };
}

/** Whether the fact is a view or a materialized view. */
export function isView(fact: Fact | undefined): boolean {
  return fact?.attributes['kind']?.endsWith('view') === true;
}

export function isPartition(fact: Fact | undefined): boolean {
  return (fact?.attributes['partitionBound'] ?? 'none') !== 'none';
}

export function isPartitioned(fact: Fact | undefined): boolean {
  return fact?.attributes['kind'] === 'partitioned table';
}

/** Describes the fact in a few words of SQL, for an object that is missing or extra as a whole. */
export function describeFact({ kind, attributes }: Fact): string {
  switch (kind) {
    case 'table':
      return attributes['kind'] ?? '';
    case 'column':
      return describeColumn(attributes);
    case 'sequence':
      return attributes['type'] ?? '';
    case 'comment':
      return attributes['text'] ?? '';
    case 'function':
      return headerOf(attributes['definition'] ?? '')
        .replace(/^CREATE (OR REPLACE )?/, '')
        .replaceAll(/\s+/g, ' ');
    default:
      return attributes['definition'] ?? describeAttributes(attributes);
  }
}

/** Such as `integer DEFAULT 0 NOT NULL`: the definition of the column after its name. */
function describeColumn(attributes: Fact['attributes']): string {
  const { type = '', collation, default: expression, generated, identity, nullability } = attributes;
  const parts = [type];
  if (collation !== 'default') parts.push(`COLLATE ${collation}`);
  if (expression !== 'none') parts.push(`DEFAULT ${expression}`);
  if (generated !== 'none') parts.push(`GENERATED ALWAYS AS ${generated}`);
  if (identity !== 'none') parts.push(`GENERATED ${identity} AS IDENTITY`);
  if (nullability !== 'null') parts.push('NOT NULL');
  return parts.join(' ');
}

/** The beginning of a function's definition that its callers depend on: name, arguments and result, before ` LANGUAGE `. */
export function headerOf(definition: string): string {
  return definition.split('\n LANGUAGE ')[0] ?? '';
}

/** Lists the attributes that apply: one that does not apply is `none`. */
function describeAttributes(attributes: Fact['attributes']): string {
  const applicable = Object.entries(attributes).filter(([, value]) => value !== 'none');
  return applicable.map(([attribute, value]) => `${attribute} ${value}`).join(', ');
}

/** Sorts facts by kind, then by schema, table and name in code point order, independent of the database's collation. */
export function compareKindAndName(a: Fact, b: Fact): number {
  return (
    FACT_KINDS.indexOf(a.kind) - FACT_KINDS.indexOf(b.kind) ||
    compareText(a.schema, b.schema) ||
    compareText(a.table, b.table) ||
    compareText(a.name, b.name)
  );
}

export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
