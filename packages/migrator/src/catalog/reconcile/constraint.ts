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
      return have === 'not valid' && want === 'valid'
        ? [validateStep(fact)]
        : [drop, ...addConstraintSteps(fact, input)];
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
  const canBeNotValid = isForeignKey || constraintType === 'check';
  const isValidatedLater =
    canBeNotValid && validity === 'valid' && !input.isInTransaction && !isPartitioned(input.want.table(schema, table));
  return isValidatedLater
    ? [step(phase, `${add} NOT VALID`, details), validateStep(fact)]
    : [step(phase, add, details)];
}

function validateStep({ schema, table, name }: Fact): Step {
  return step('links', `${alterTable(schema, table)} VALIDATE CONSTRAINT ${quoted(name)}`);
}

function reindexStep(schema: string, name: string, { isInTransaction }: ReconcileInput): Step {
  const concurrently = isInTransaction ? '' : ' CONCURRENTLY';
  return step('index', `REINDEX INDEX${concurrently} ${qualifiedName(schema, name)}`, {
    isConcurrent: !isInTransaction,
  });
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

/** Whether the index is built and dropped concurrently. PostgreSQL cannot do that for an index of a partitioned table. */
function isConcurrent({ schema, table }: Pick<Fact, 'schema' | 'table'>, input: ReconcileInput): boolean {
  return !input.isInTransaction && !isPartitioned(input.want.table(schema, table));
}

function dropIndexStep({ schema, table, name }: Difference, input: ReconcileInput): Step {
  const concurrent = isConcurrent({ schema, table }, input);
  return step('drop keys', `DROP INDEX ${concurrent ? 'CONCURRENTLY ' : ''}${qualifiedName(schema, name)}`, {
    isConcurrent: concurrent,
  });
}

function createIndexStep(fact: Fact, input: ReconcileInput): Step {
  const concurrent = isConcurrent(fact, input);
  // pg_get_indexdef prints ON ONLY for a partitioned table.
  const definition = (fact.attributes['definition'] ?? '').replace(' ON ONLY ', ' ON ');
  const sql = concurrent ? definition.replace(' INDEX ', ' INDEX CONCURRENTLY ') : definition;
  return step('index', sql, { isConcurrent: concurrent });
}
