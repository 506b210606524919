/** Returns the SQL for differences of columns, from the live value `have` to the wanted value `want`. Columns of views have defaults only. */
import type { Difference } from '../difference.ts';
import type { Fact } from '../fact.ts';
import { columnTerms, identityOptions, identitySequence } from './create-table.ts';
import { alterRelation, type ReconcileInput, tableObject } from './reconcile-input.ts';
import { alterTable, literal, qualifiedName, quoted } from '../quoted.ts';
import { type Step, step } from './statement.ts';

export function columnSteps(difference: Difference, input: ReconcileInput): Step[] {
  const { name, change } = difference;
  // `have` is the description of the column, as `describeFact` returns it.
  const isExtraGenerated = difference.have?.includes(' GENERATED ALWAYS AS (') === true;
  if (change === 'extra') return [dropColumnStep(difference, isExtraGenerated, 'drop extra')];
  const fact = input.want.find(difference);
  if (fact === undefined) return [];
  if (change === 'missing') return [addColumnStep(fact, input, fact.attributes['generated'] === 'none' ? 1 : 3)];
  // Columns of a view may have defaults, too.
  const alterColumn = `${alterRelation(fact, input)} ALTER COLUMN ${quoted(name)}`;
  return changeColumnSteps(difference, fact, alterColumn, input);
}

function addColumnStep(fact: Fact, { want }: ReconcileInput, rank: number): Step {
  const { schema, table, name } = fact;
  const sql = `${alterTable(schema, table)} ADD COLUMN ${quoted(name)} ${columnTerms(fact, want)}`;
  return step('create', sql, { object: tableObject(schema, table), rank });
}

/** Drops a column. The values of a generated column are derived, so no data is lost. */
function dropColumnStep({ schema, table, name }: Difference, isDerived: boolean, phase: 'create' | 'drop extra'): Step {
  return step(phase, `${alterTable(schema, table)} DROP COLUMN ${quoted(name)}`, {
    ...(isDerived ? {} : { losesData: { schema, table, column: name } }),
    object: tableObject(schema, table),
  });
}

/** The steps for one attribute. Their ranks put them in an order that PostgreSQL accepts, such as DROP DEFAULT before the type. */
function changeColumnSteps(difference: Difference, fact: Fact, alterColumn: string, input: ReconcileInput): Step[] {
  const { schema, table, attribute, have = '', want = '' } = difference;
  const object = tableObject(schema, table);
  const columnStep = (sql: string, rank = 2) => [step('create', `${alterColumn} ${sql}`, { object, rank })];
  switch (attribute) {
    case 'type':
    case 'collation':
      return changeTypeSteps(difference, fact, alterColumn, input);
    case 'nullability':
      // This runs before ADD GENERATED AS IDENTITY, which requires NOT NULL.
      return columnStep(`${want === 'not null' ? 'SET' : 'DROP'} NOT NULL`, 3);
    case 'validity':
      return want === 'valid' ? columnStep('SET NOT NULL', 3) : [];
    case 'default':
      return columnStep(want === 'none' ? 'DROP DEFAULT' : `SET DEFAULT ${want}`, want === 'none' ? 2 : 4);
    case 'generated':
      return changeGeneratedSteps(difference, fact, alterColumn, input);
    case 'identity':
      return changeIdentitySteps(have, fact, alterColumn, input);
    default:
      return [];
  }
}

/** Drops, changes or adds the identity. A sequence that has the name of the identity's sequence is dropped first. */
function changeIdentitySteps(have: string, fact: Fact, alterColumn: string, input: ReconcileInput): Step[] {
  const { schema, table, name, attributes } = fact;
  const details = { object: tableObject(schema, table), rank: 4 };
  const want = attributes['identity'] ?? 'none';
  if (want === 'none') return [step('create', `${alterColumn} DROP IDENTITY`, { ...details, rank: 1 })];
  if (have !== 'none') return [step('create', `${alterColumn} SET GENERATED ${want}`, details)];
  const sequence = identitySequence(schema, table, name, input.want);
  if (sequence === undefined) return [step('create', `${alterColumn} ADD GENERATED ${want} AS IDENTITY`, details)];
  const isNameTaken = input.have.find(sequence) !== undefined && input.isLiveCatalogGiven;
  const drop = step('create', `DROP SEQUENCE ${qualifiedName(schema, sequence.name)}`, { ...details, rank: 3 });
  const add = `${alterColumn} ADD GENERATED ${want} AS IDENTITY (${identityOptions(sequence)})`;
  return [...(isNameTaken ? [drop] : []), step('create', add, details), setSequenceStep(fact, sequence)];
}

/** Sets the sequence to the largest value of the existing rows, so that it continues above. No rows: nothing is set. */
function setSequenceStep({ schema, table, name }: Fact, sequence: Fact): Step {
  const maxValue = `max(${quoted(name)})`;
  const sequenceName = literal(qualifiedName(sequence.schema, sequence.name));
  const condition = `${maxValue} >= ${sequence.attributes['minimum']}`;
  const from = qualifiedName(schema, table);
  return step('links', `SELECT setval(${sequenceName}, ${maxValue}) FROM ${from} HAVING ${condition}`);
}

/** Turns a stored generated column into an ordinary one. Any other change drops the column and creates it. */
function changeGeneratedSteps(difference: Difference, fact: Fact, alterColumn: string, input: ReconcileInput): Step[] {
  const { schema, table, have = '', want = '' } = difference;
  const object = tableObject(schema, table);
  if (want === 'none' && have.endsWith('STORED'))
    return [step('create', `${alterColumn} DROP EXPRESSION`, { object, rank: 1 })];
  // The constraints and indexes of the column are dropped and created with the column: see `dependents.ts`.
  return [dropColumnStep(difference, have !== 'none', 'create'), addColumnStep(fact, input, 3)];
}

/** Changes type and collation in one statement. The default is dropped and set again if PostgreSQL could not cast it. */
function changeTypeSteps(difference: Difference, fact: Fact, alterColumn: string, input: ReconcileInput): Step[] {
  const { schema, table, name, attribute, have = '' } = difference;
  const { type = '', collation, default: expression = 'none' } = fact.attributes;
  const oldType = attribute === 'type' ? have : type;
  const typeAndCollation = collation === 'default' ? type : `${type} COLLATE ${collation}`;
  const changeType = `TYPE ${typeAndCollation}${usingClause(name, oldType, type)}`;
  const haveDefault = input.have.find(fact)?.attributes['default'] ?? 'none';
  const mayHaveDefault = expression !== 'none' || haveDefault !== 'none' || !input.isLiveCatalogGiven;
  const isDropped = mayHaveDefault && familyOf(oldType) !== familyOf(type);
  const actions = [
    ...(isDropped ? ['DROP DEFAULT'] : []),
    changeType,
    ...(isDropped && expression !== 'none' ? [`SET DEFAULT ${expression}`] : []),
  ];
  const losesData = losesPrecision(oldType, type) ? { losesData: { schema, table, column: name } } : {};
  // ALTER TABLE t ALTER COLUMN c DROP DEFAULT, ALTER COLUMN c TYPE …
  const sql = `${alterColumn} ${actions.join(`, ALTER COLUMN ${quoted(name)} `)}`;
  return [step('create', sql, { object: tableObject(schema, table), rank: 2, ...losesData })];
}

const FAMILIES: readonly [RegExp, string][] = [
  [/^(text|character varying|character|name)\b[^[]*$/, 'text'],
  [/^(smallint|integer|bigint|numeric|real|double precision)\b[^[]*$/, 'number'],
  [/^(timestamp|date)\b[^[]*$/, 'time'],
  [/^jsonb?$/, 'json'],
];

/** The family of a type: PostgreSQL has assignment casts between the types of one family. */
function familyOf(type: string): string {
  return FAMILIES.find(([pattern]) => pattern.test(type))?.[1] ?? type;
}

/** The USING clause, if needed. A timestamp without time zone is read as UTC; PostgreSQL would use the session's time zone. */
function usingClause(column: string, oldType: string, newType: string): string {
  const areTimestamps = [oldType, newType].every((type) => type.startsWith('timestamp'));
  const isTimeZoneChanged = oldType.endsWith('with time zone') !== newType.endsWith('with time zone');
  if (areTimestamps && isTimeZoneChanged) return ` USING ${quoted(column)} AT TIME ZONE 'UTC'`;
  // Assignment casts to text exist for every type. An explicit cast would truncate to the length.
  if (familyOf(oldType) === familyOf(newType) || familyOf(newType) === 'text') return '';
  // The name of a type that is not built in has its schema. PostgreSQL casts such a type only through text.
  const isUserDefined = [oldType, newType].some((type) => type.includes('.'));
  const textType = newType.endsWith('[]') ? 'text[]' : 'text';
  return ` USING ${quoted(column)}${isUserDefined ? `::${textType}` : ''}::${newType}`;
}

/** Whether the change of type rounds values without an error. Text that is too long raises an error, so no data is lost. */
function losesPrecision(oldType: string, newType: string): boolean {
  if (familyOf(oldType) === 'number' && familyOf(newType) === 'number')
    return fractionOf(newType) < fractionOf(oldType);
  if (familyOf(oldType) !== 'time') return false;
  if (newType === 'date') return oldType !== 'date';
  return newType.startsWith('time') && secondDigitsOf(newType) < secondDigitsOf(oldType);
}

/** Ranks for `fractionOf`, larger than the scale of any numeric that Drizzle declares: a change to a lower rank rounds. */
const REAL = 100;
const DOUBLE_PRECISION = 200;
const NUMERIC = 1000;

/** The number of digits after the decimal point, or the rank of a type without a fixed number. */
function fractionOf(type: string): number {
  if (/^(smallint|integer|bigint)/.test(type)) return 0;
  if (type === 'real') return REAL;
  if (type === 'double precision') return DOUBLE_PRECISION;
  const [, scale] = /^numeric\(\d+,(-?\d+)\)/.exec(type) ?? [];
  return scale === undefined ? NUMERIC : Number(scale);
}

/** The number of digits after the seconds. PostgreSQL's default is 6. */
function secondDigitsOf(type: string): number {
  return Number(/\((\d)\)/.exec(type)?.[1] ?? 6);
}
