/** Returns the SQL for differences of columns of tables, and of defaults of view columns. */
import type { Difference } from '../difference.ts';
import type { Fact } from '../fact.ts';
import { columnTerms, identityOptions, identitySequence } from './create-table.ts';
import { alterRelation, type ReconcileInput, tableObject } from './reconcile-input.ts';
import { alterTable, literal, qualifiedName, quoted } from '../quoted.ts';
import { type Step, step, type StepDetails } from './statement.ts';

export function columnSteps(difference: Difference, input: ReconcileInput): Step[] {
  const { schema, table, name, change } = difference;
  const object = { object: tableObject(schema, table) };
  if (change === 'extra') return [dropColumnStep(difference, isGeneratedColumn(difference.have ?? ''), 'drop extra')];
  const fact = input.want.find(difference);
  if (fact === undefined) return [];
  const isGenerated = fact.attributes['generated'] !== 'none';
  if (change === 'missing') return addColumnSteps(fact, input, { ...object, rank: isGenerated ? 3 : 1 });
  // Columns of a view may have defaults, too.
  const column = `${alterRelation(fact, input)} ALTER COLUMN ${quoted(name)}`;
  return changeColumnSteps(difference, fact, column, input);
}

function addColumnSteps(fact: Fact, { want }: ReconcileInput, details: StepDetails): Step[] {
  const { schema, table, name } = fact;
  return [
    step('create', `${alterTable(schema, table)} ADD COLUMN ${quoted(name)} ${columnTerms(fact, want)}`, details),
  ];
}

/** Drops a column. The values of a generated column are derived, so no data is lost. */
function dropColumnStep({ schema, table, name }: Difference, isDerived: boolean, phase: 'create' | 'drop extra'): Step {
  return step(phase, `${alterTable(schema, table)} DROP COLUMN ${quoted(name)}`, {
    ...(isDerived ? {} : { losesData: { schema, table, column: name } }),
    object: tableObject(schema, table),
  });
}

const isGeneratedColumn = (description: string): boolean => description.includes(' GENERATED ALWAYS AS (');

function changeColumnSteps(difference: Difference, fact: Fact, column: string, input: ReconcileInput): Step[] {
  const { schema, table, attribute, have = '', want = '' } = difference;
  const object = tableObject(schema, table);
  const columnStep = (sql: string, rank = 2) => [step('create', `${column} ${sql}`, { object, rank })];
  switch (attribute) {
    case 'type':
    case 'collation':
      return changeTypeSteps(difference, fact, column, input);
    case 'nullability':
      // This runs before ADD GENERATED AS IDENTITY, which requires NOT NULL.
      return columnStep(`${want === 'not null' ? 'SET' : 'DROP'} NOT NULL`, 3);
    case 'validity':
      return want === 'valid' ? columnStep('SET NOT NULL', 3) : [];
    case 'default':
      return columnStep(want === 'none' ? 'DROP DEFAULT' : `SET DEFAULT ${want}`, want === 'none' ? 2 : 4);
    case 'generated':
      return changeGeneratedSteps(difference, fact, column, input);
    case 'identity':
      return changeIdentitySteps(have, fact, column, input);
    default:
      return [];
  }
}

function changeIdentitySteps(have: string, fact: Fact, column: string, input: ReconcileInput): Step[] {
  const { schema, table, name, attributes } = fact;
  const details = { object: tableObject(schema, table), rank: 4 };
  const want = attributes['identity'] ?? 'none';
  if (want === 'none') return [step('create', `${column} DROP IDENTITY`, { ...details, rank: 1 })];
  if (have !== 'none') return [step('create', `${column} SET GENERATED ${want}`, details)];
  const sequence = identitySequence(schema, table, name, input.want);
  if (sequence === undefined) return [step('create', `${column} ADD GENERATED ${want} AS IDENTITY`, details)];
  const current = input.have.find(sequence);
  const isNameTaken = current !== undefined && input.isHaveKnown;
  return [
    ...(isNameTaken
      ? [step('create', `DROP SEQUENCE ${qualifiedName(schema, sequence.name)}`, { ...details, rank: 3 })]
      : []),
    step('create', `${column} ADD GENERATED ${want} AS IDENTITY (${identityOptions(sequence)})`, details),
    setSequenceStep(fact, sequence),
  ];
}

/** Sets the sequence to a value above those of the existing rows. */
function setSequenceStep({ schema, table, name }: Fact, sequence: Fact): Step {
  const max = `max(${quoted(name)})`;
  const counter = literal(qualifiedName(sequence.schema, sequence.name));
  const { minimum } = sequence.attributes;
  return step(
    'links',
    `SELECT setval(${counter}, ${max}) FROM ${qualifiedName(schema, table)} HAVING ${max} >= ${minimum}`,
  );
}

function changeGeneratedSteps(difference: Difference, fact: Fact, column: string, input: ReconcileInput): Step[] {
  const { schema, table, have = '', want = '' } = difference;
  const object = { object: tableObject(schema, table) };
  if (want === 'none' && have.endsWith('STORED'))
    return [step('create', `${column} DROP EXPRESSION`, { ...object, rank: 1 })];
  // The constraints and indexes of the column are dropped and created with the column: see `dependents.ts`.
  return [
    dropColumnStep(difference, have !== 'none', 'create'),
    ...addColumnSteps(fact, input, { ...object, rank: 3 }),
  ];
}

function changeTypeSteps(difference: Difference, fact: Fact, column: string, input: ReconcileInput): Step[] {
  const { schema, table, name, attribute, have = '' } = difference;
  const { type = '', collation, default: expression = 'none' } = fact.attributes;
  const before = attribute === 'type' ? have : type;
  const own = `ALTER COLUMN ${quoted(name)}`;
  const wanted = collation === 'default' ? type : `${type} COLLATE ${collation}`;
  const change = `${own} TYPE ${wanted}${usingClause(name, before, type)}`;
  // PostgreSQL refuses the change if it cannot cast the column's default.
  const hasDefault =
    expression !== 'none' || (input.have.find(fact)?.attributes['default'] ?? 'none') !== 'none' || !input.isHaveKnown;
  const isDropped = hasDefault && familyOf(before) !== familyOf(type);
  const terms = [
    ...(isDropped ? [`${own} DROP DEFAULT`] : []),
    change,
    ...(isDropped && expression !== 'none' ? [`${own} SET DEFAULT ${expression}`] : []),
  ];
  const losesData = losesPrecision(before, type) ? { losesData: { schema, table, column: name } } : {};
  const sql = `${column.slice(0, -own.length)}${terms.join(', ')}`;
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
function usingClause(name: string, have: string, want: string): string {
  const isTime = [have, want].every((type) => type.startsWith('timestamp'));
  const isMoved = have.endsWith('with time zone') !== want.endsWith('with time zone');
  if (isTime && isMoved) return ` USING ${quoted(name)} AT TIME ZONE 'UTC'`;
  // Assignment casts to text exist for every type. An explicit cast would truncate to the length.
  if (familyOf(have) === familyOf(want) || familyOf(want) === 'text') return '';
  const isOwn = [have, want].some((type) => type.includes('.'));
  const text = want.endsWith('[]') ? 'text[]' : 'text';
  return isOwn ? ` USING ${quoted(name)}::${text}::${want}` : ` USING ${quoted(name)}::${want}`;
}

/** Whether values are rounded without an error. Text that is too long raises an error, so no data is lost. */
function losesPrecision(have: string, want: string): boolean {
  if (familyOf(have) === 'number' && familyOf(want) === 'number') {
    const [before, after] = [fractionOf(have), fractionOf(want)];
    return after < before;
  }
  if (familyOf(have) !== 'time') return false;
  return (want === 'date' && have !== 'date') || (want.startsWith('time') && precisionOf(want) < precisionOf(have));
}

/** Precision ranks, above every scale of a numeric that Drizzle declares: a change to a lower rank rounds. */
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

function precisionOf(type: string): number {
  return Number(/\((\d)\)/.exec(type)?.[1] ?? 6);
}
