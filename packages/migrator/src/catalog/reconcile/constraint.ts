/** Returns the SQL for differences of constraints and indexes, from the live state `have` to the wanted state `want`. */
import type { Difference } from '../difference.ts';
import { type Fact, isPartitioned, type FactKey } from '../fact.ts';
import { type ReconcileInput, tableObject } from './reconcile-input.ts';
import { alterTable, qualifiedName, quoted } from '../quoted.ts';
import { type Step, step } from './statement.ts';
import { optionStatements } from './table.ts';

export function constraintSteps(difference: Difference, input: ReconcileInput): Step[] {
  const { schema, table, name, change, attribute, have = '', want = '' } = difference;
  const fact = input.want.find(difference);
  const drop = dropConstraintStep(difference, input);
  if (change === 'extra') return [drop];
  if (fact === undefined) return [];
  if (change === 'renamed') {
    return [step('rename', `${alterTable(schema, table)} RENAME CONSTRAINT ${quoted(have)} TO ${quoted(name)}`)];
  }
  if (change === 'missing') return addConstraintSteps(fact, input);
  switch (attribute) {
    case 'validity':
      if (have === 'not valid' && want === 'valid') return [validateStep(fact)];
      return [drop, ...addConstraintSteps(fact, input)];
    case 'indexState':
      return [reindexStep(schema, name, input)];
    case 'options':
      return indexOptionSteps(difference);
    case 'disabledTriggers':
      return enableTriggerSteps(fact);
    default:
      return [drop, ...addConstraintSteps(fact, input)];
  }
}

/** Drops the constraint: a foreign key first, because PostgreSQL refuses to drop the key that it references. */
export function dropConstraintStep(key: FactKey, { have, want }: ReconcileInput): Step {
  const fact = have.find(key) ?? want.find(key);
  const phase = fact?.attributes['constraintType'] === 'foreign key' ? 'unlink' : 'drop keys';
  return step(phase, `${alterTable(key.schema, key.table)} DROP CONSTRAINT ${quoted(key.name)}`);
}

/** Adds a constraint. Outside a transaction: NOT VALID first, then VALIDATE, so that no scan runs under the lock. */
export function addConstraintSteps(fact: Fact, input: ReconcileInput): Step[] {
  const { schema, table, name, attributes } = fact;
  const { definition = '', constraintType, validity } = attributes;
  const add = `${alterTable(schema, table)} ADD CONSTRAINT ${quoted(name)} ${definition}`;
  const isForeignKey = constraintType === 'foreign key';
  const details = isForeignKey ? {} : { object: tableObject(schema, table), rank: 5 };
  const phase = isForeignKey ? 'links' : 'create';
  const needsScan = (isForeignKey || constraintType === 'check') && validity === 'valid';
  if (!needsScan || !canBeConcurrent(fact, input)) return [step(phase, add, details)];
  return [step(phase, `${add} NOT VALID`, details), validateStep(fact)];
}

function validateStep({ schema, table, name }: Fact): Step {
  return step('links', `${alterTable(schema, table)} VALIDATE CONSTRAINT ${quoted(name)}`);
}

function reindexStep(schema: string, name: string, { isInTransaction }: ReconcileInput): Step {
  const sql = `REINDEX INDEX${isInTransaction ? '' : ' CONCURRENTLY'} ${qualifiedName(schema, name)}`;
  return step('index', sql, { isConcurrent: !isInTransaction });
}

/** Enables the triggers of a foreign key on both tables. Rows that changed while they were disabled are not validated. */
function enableTriggerSteps({ schema, table, attributes }: Fact): Step[] {
  // The table's name after REFERENCES, each part with or without quotes, up to the columns in parentheses.
  const [, referenced] = /REFERENCES ((?:"(?:[^"]|"")*"|[^\s("]+)+)\(/.exec(attributes['definition'] ?? '') ?? [];
  const onReferenced = referenced === undefined ? [] : [`ALTER TABLE ${referenced} ENABLE TRIGGER ALL`];
  const sql = [`${alterTable(schema, table)} ENABLE TRIGGER ALL`, ...onReferenced];
  return sql.map((statement) => step('policies and triggers', statement));
}

export function indexSteps(difference: Difference, input: ReconcileInput): Step[] {
  const { schema, name, change, attribute, have = '' } = difference;
  if (change === 'renamed') {
    return [step('rename', `ALTER INDEX ${qualifiedName(schema, have)} RENAME TO ${quoted(name)}`)];
  }
  const drop = dropIndexStep(difference, input);
  if (change === 'extra') return [drop];
  if (attribute === 'indexState') return [reindexStep(schema, name, input)];
  if (attribute === 'options') return indexOptionSteps(difference);
  const fact = input.want.find(difference);
  if (fact === undefined) return [];
  return change === 'missing' ? [createIndexStep(fact, input)] : [drop, createIndexStep(fact, input)];
}

function indexOptionSteps({ schema, name, have = '', want = '' }: Difference): Step[] {
  const statements = optionStatements(`ALTER INDEX ${qualifiedName(schema, name)}`, have, want);
  return statements.map((sql) => step('index', sql));
}

/** Whether a change needs no strong lock: CONCURRENTLY, or NOT VALID first. PostgreSQL cannot do that for a partitioned table. */
function canBeConcurrent({ schema, table }: FactKey, { isInTransaction, want }: ReconcileInput): boolean {
  return !isInTransaction && !isPartitioned(want.table(schema, table));
}

function dropIndexStep(difference: Difference, input: ReconcileInput): Step {
  const isConcurrent = canBeConcurrent(difference, input);
  const index = qualifiedName(difference.schema, difference.name);
  return step('drop keys', `DROP INDEX ${isConcurrent ? 'CONCURRENTLY ' : ''}${index}`, { isConcurrent });
}

function createIndexStep(fact: Fact, input: ReconcileInput): Step {
  const isConcurrent = canBeConcurrent(fact, input);
  // pg_get_indexdef prints ON ONLY for a partitioned table.
  const definition = (fact.attributes['definition'] ?? '').replace(' ON ONLY ', ' ON ');
  const sql = isConcurrent ? definition.replace(' INDEX ', ' INDEX CONCURRENTLY ') : definition;
  return step('index', sql, { isConcurrent });
}
