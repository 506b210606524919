/** Returns the SQL for differences of enums, domains, composites and ranges, from the live state `have` to the wanted state `want`. */
import type { Difference } from '../difference.ts';
import type { Fact } from '../fact.ts';
import { type ReconcileInput, objectName } from './reconcile-input.ts';
import { qualifiedName, quoted, namePattern, splitList } from '../quoted.ts';
import { type Step, step, type StepDetails } from './statement.ts';

export function typeSteps(difference: Difference, input: ReconcileInput): Step[] {
  const { schema, name, change, attribute, have = '', want = '' } = difference;
  const type = qualifiedName(schema, name);
  const object = { object: objectName(difference) };
  if (change === 'extra') return [step('drop extra', `DROP TYPE ${type}`, object)];
  const fact = input.want.find(difference);
  if (fact === undefined) return [];
  if (change === 'missing') return createTypeSteps(fact);
  if (mustReplaceType(difference, input)) return replaceTypeSteps(fact, input);
  switch (attribute) {
    case 'labels':
      return changeLabelStatements(type, splitList(have), splitList(want)).map((sql) => step('create', sql, object));
    case 'attributes':
      return attributeSteps(difference, object);
    case 'nullability':
      return [step('create', `ALTER DOMAIN ${type} ${want === 'not null' ? 'SET' : 'DROP'} NOT NULL`, object)];
    case 'default': {
      const action = want === 'none' ? 'DROP DEFAULT' : `SET DEFAULT ${want}`;
      return [step('create', `ALTER DOMAIN ${type} ${action}`, object)];
    }
    default:
      return [];
  }
}

/** Whether the type must be recreated and its columns converted to the new type. */
export function mustReplaceType(difference: Difference, input: ReconcileInput): boolean {
  const { kind, change, attribute, have = '', want = '' } = difference;
  if (kind !== 'type' || change !== 'changed') return false;
  if (input.replaced.has(objectName(difference))) return true;
  if (attribute !== 'labels') return ['kind', 'base', 'collation', 'subtype'].includes(attribute ?? '');
  const wantLabels = splitList(want);
  const haveLabels = splitList(have);
  if (findRenamedLabel(haveLabels, wantLabels) !== undefined) return false;
  // PostgreSQL can add labels to an enum, and cannot remove or reorder any.
  return wantLabels.filter((label) => haveLabels.includes(label)).join() !== haveLabels.join();
}

/** Creates the type; none for a base type, whose functions the catalog does not contain. */
function createTypeSteps(fact: Fact): Step[] {
  const { schema, name, attributes } = fact;
  const object = { object: objectName(fact) };
  const { kind, definition = '' } = attributes;
  const type = qualifiedName(schema, name);
  if (kind === 'domain') return [step('create', `CREATE DOMAIN ${type} AS ${definition}`, object)];
  if (!['enum', 'composite', 'range'].includes(kind ?? '')) return [];
  return [step('create', `CREATE TYPE ${type} AS ${definition}`, object)];
}

/** Renames one label of the enum, or adds the missing ones. */
function changeLabelStatements(type: string, have: readonly string[], want: readonly string[]): string[] {
  const renamed = findRenamedLabel(have, want);
  return renamed === undefined
    ? addLabelStatements(type, have, want)
    : [`ALTER TYPE ${type} RENAME VALUE ${renamed.join(' TO ')}`];
}

/** Finds the one label that has another name in the same position: RENAME VALUE keeps the rows. */
function findRenamedLabel(have: readonly string[], want: readonly string[]): [old: string, new: string] | undefined {
  if (have.length !== want.length) return undefined;
  const [pair, ...otherPairs] = have.flatMap((label, index): [string, string][] => {
    const wantLabel = want[index] ?? label;
    return wantLabel === label ? [] : [[label, wantLabel]];
  });
  const isRename = pair !== undefined && !have.includes(pair[1]) && !want.includes(pair[0]);
  return isRename && otherPairs.length === 0 ? pair : undefined;
}

/** Returns one statement for each missing label. The existing labels are in the wanted order. */
function addLabelStatements(type: string, have: readonly string[], want: readonly string[]): string[] {
  const present = new Set(have);
  return want.flatMap((label, index) => {
    if (present.has(label)) return [];
    const previous = want[index - 1];
    const next = want.slice(index).find((other) => present.has(other));
    const beforeNext = next === undefined ? '' : ` BEFORE ${next}`;
    present.add(label);
    return [`ALTER TYPE ${type} ADD VALUE ${label}${previous === undefined ? beforeNext : ` AFTER ${previous}`}`];
  });
}

/** Drops, adds and changes the attributes of a composite type. */
function attributeSteps({ schema, name, have = '', want = '' }: Difference, object: StepDetails): Step[] {
  const [haveTypes, wantTypes] = [attributeTypesOf(have), attributeTypesOf(want)];
  const alterType = `ALTER TYPE ${qualifiedName(schema, name)}`;
  const removed = [...haveTypes.keys()].filter((attribute) => !wantTypes.has(attribute));
  return [
    ...removed.map((attribute) => {
      const losesData = { schema, table: name, column: attribute };
      return step('create', `${alterType} DROP ATTRIBUTE ${attribute}`, { ...object, losesData });
    }),
    ...[...wantTypes].flatMap(([attribute, type]) => {
      const before = haveTypes.get(attribute);
      if (before === type) return [];
      const action =
        before === undefined ? `ADD ATTRIBUTE ${attribute} ${type}` : `ALTER ATTRIBUTE ${attribute} TYPE ${type}`;
      return [step('create', `${alterType} ${action}`, object)];
    }),
  ];
}

/** Reads the attribute types by name, from `street text, "Zip Code" character varying(10)`. */
function attributeTypesOf(list: string): Map<string, string> {
  return new Map(
    splitList(list).map((item): [string, string] => {
      const [, name = '', type = ''] = /^("(?:[^"]|"")*"|\S+) (.+)$/s.exec(item) ?? [];
      return [name, type];
    }),
  );
}

/** Recreates the type, and casts its columns through text. A value that the new type does not have raises an error. */
function replaceTypeSteps(fact: Fact, input: ReconcileInput): Step[] {
  const { schema, name } = fact;
  const type = qualifiedName(schema, name);
  // The new name must stay within 63 bytes, also with characters of several bytes.
  const oldName = `${name.slice(0, 12)}_replaced`;
  const oldKind = input.have.find(fact)?.attributes['kind'] ?? fact.attributes['kind'];
  const keyword = oldKind === 'domain' ? 'DOMAIN' : 'TYPE';
  const columns = columnsOf(fact, input);
  const { others: grants = 'none' } =
    input.want.find({ kind: 'access', schema, table: '', name: `type ${name}` })?.attributes ?? {};
  const typeStep = (sql: string) => step('create', sql, { object: objectName(fact) });
  const created = [...createTypeSteps(fact), ...addDomainConstraintSteps(fact, input)];
  // A range is dropped instead of renamed, because the constructor functions of a renamed range keep their names.
  const isDroppedFirst = oldKind === 'range';
  const before = isDroppedFirst
    ? [...columns.map(castToTextSql), `DROP TYPE ${type}`]
    : [`ALTER ${keyword} ${type} RENAME TO ${quoted(oldName)}`];
  const after = isDroppedFirst ? [] : [`DROP ${keyword} ${qualifiedName(schema, oldName)}`];
  const replace = [...before.map(typeStep), ...created, ...[...columns.map(castToNewTypeSql), ...after].map(typeStep)];
  // PostgreSQL grants USAGE of a new type to PUBLIC.
  return grants === 'none' ? [...replace, step('properties', `REVOKE ALL ON TYPE ${type} FROM PUBLIC`)] : replace;
}

function addDomainConstraintSteps(fact: Fact, { want }: ReconcileInput): Step[] {
  const domain = qualifiedName(fact.schema, fact.name);
  return want.ofTable(fact.schema, fact.name, 'domain constraint').map(({ name, attributes }) => {
    const add = `ALTER DOMAIN ${domain} ADD CONSTRAINT ${quoted(name)} ${attributes['definition']}`;
    return step('create', add, { object: objectName(fact) });
  });
}

/** The columns of the type, or of arrays of it. Columns of partitions, children and views are left out: they follow other columns. */
function columnsOf(fact: Fact, { have, want }: ReconcileInput): Fact[] {
  const typePattern = new RegExp(`^${namePattern(fact.schema)}\\.${namePattern(fact.name)}(\\[\\])?$`);
  return want.all.filter((column) => {
    if (column.kind !== 'column' || !typePattern.test(column.attributes['type'] ?? '')) return false;
    const table = have.table(column.schema, column.table);
    const isParentless =
      table?.attributes['inherits'] === 'none' && table.attributes['kind']?.endsWith('table') === true;
    return isParentless && have.find(column) !== undefined && column.attributes['generated'] === 'none';
  });
}

function castToTextSql({ schema, table, name, attributes }: Fact): string {
  const column = `ALTER COLUMN ${quoted(name)}`;
  const textType = attributes['type']?.endsWith('[]') ? 'text[]' : 'text';
  return `ALTER TABLE ${qualifiedName(schema, table)} ${column} DROP DEFAULT, ${column} TYPE ${textType} USING ${quoted(name)}::${textType}`;
}

function castToNewTypeSql({ schema, table, name, attributes }: Fact): string {
  const column = `ALTER COLUMN ${quoted(name)}`;
  const { type = '', default: expression = 'none' } = attributes;
  const textType = type.endsWith('[]') ? 'text[]' : 'text';
  return [
    `ALTER TABLE ${qualifiedName(schema, table)} ${column} DROP DEFAULT`,
    `${column} TYPE ${type} USING ${quoted(name)}::${textType}::${type}`,
    ...(expression === 'none' ? [] : [`${column} SET DEFAULT ${expression}`]),
  ].join(', ');
}

export function domainConstraintSteps(difference: Difference, input: ReconcileInput): Step[] {
  const { schema, table, name, change } = difference;
  const object = { object: objectName({ kind: 'type', schema, name: table }) };
  const domain = `ALTER DOMAIN ${qualifiedName(schema, table)}`;
  const drop = step('unlink', `${domain} DROP CONSTRAINT ${quoted(name)}`);
  if (change === 'extra') return [drop];
  const definition = input.want.find(difference)?.attributes['definition'];
  if (definition === undefined) return [];
  const add = step('create', `${domain} ADD CONSTRAINT ${quoted(name)} ${definition}`, object);
  return change === 'missing' ? [add] : [drop, add];
}

/** Finds enums whose new labels other statements use. PostgreSQL refuses that in the transaction that adds the label. */
export function enumsUsedInTransaction(input: ReconcileInput, steps: readonly Step[]): Set<string> {
  const added = input.differences.flatMap((difference) => {
    if (difference.kind !== 'type' || difference.attribute !== 'labels' || difference.change !== 'changed') return [];
    const [haveLabels, wantLabels] = [splitList(difference.have ?? ''), splitList(difference.want ?? '')];
    if (findRenamedLabel(haveLabels, wantLabels) !== undefined) return [];
    // A label is a literal already.
    return wantLabels
      .filter((label) => !haveLabels.includes(label))
      .map((label) => ({ object: objectName(difference), label }));
  });
  const otherSql = steps.filter(({ sql }) => !/ ADD VALUE /.test(sql)).map(({ sql }) => sql);
  return new Set(added.filter(({ label }) => otherSql.some((sql) => sql.includes(label))).map(({ object }) => object));
}
