/** Constraints of tables, and indexes. */
import type { Difference } from '../difference.ts';
import { type Fact, isPartitioned, type Place } from '../fact.ts';
import { type Goal, tableObject } from './goal.ts';
import { alter, qualified, quoted } from '../quoted.ts';
import { type Step, step } from './statement.ts';
import { optionSteps } from './table.ts';

export function constraintSteps(difference: Difference, goal: Goal): Step[] {
  const { schema, table, name, change, attribute, have = '', want = '' } = difference;
  const fact = goal.want.find(difference);
  const drop = dropConstraint(difference, goal);
  if (change === 'extra') return [drop];
  if (fact === undefined) return [];
  if (change === 'renamed') {
    return [step('rename', `${alter(schema, table)} RENAME CONSTRAINT ${quoted(have)} TO ${quoted(name)}`)];
  }
  if (change === 'missing') return addConstraint(fact, goal);
  switch (attribute) {
    case 'validity':
      return have === 'not valid' && want === 'valid' ? [validate(fact)] : [drop, ...addConstraint(fact, goal)];
    case 'indexState':
      return [reindex(schema, name, goal)];
    case 'options':
      return optionSteps(`ALTER INDEX ${qualified(schema, name)}`, have, want).map((sql) => step('index', sql));
    case 'disabledTriggers':
      return enableTriggers(fact);
    default:
      return [drop, ...addConstraint(fact, goal)];
  }
}

export function dropConstraint(place: Place, { have, want }: Goal): Step {
  const fact = have.find(place) ?? want.find(place);
  const phase = fact?.attributes['constraintType'] === 'foreign key' ? 'release' : 'drop keys';
  return step(phase, `${alter(place.schema, place.table)} DROP CONSTRAINT ${quoted(place.name)}`);
}

/** Outside a transaction: NOT VALID first, then VALIDATE, so that no scan runs under the lock. */
export function addConstraint(fact: Fact, goal: Goal): Step[] {
  const { schema, table, name, attributes } = fact;
  const { definition = '', constraintType, validity } = attributes;
  const add = `${alter(schema, table)} ADD CONSTRAINT ${quoted(name)} ${definition}`;
  const isForeignKey = constraintType === 'foreign key';
  const details = isForeignKey ? {} : { object: tableObject(schema, table), rank: 5 };
  const phase = isForeignKey ? 'connect' : 'make';
  const isScanned = isForeignKey || constraintType === 'check';
  const isLater =
    isScanned && validity === 'valid' && !goal.isInTransaction && !isPartitioned(goal.want.table(schema, table));
  return isLater ? [step(phase, `${add} NOT VALID`, details), validate(fact)] : [step(phase, add, details)];
}

function validate({ schema, table, name }: Fact): Step {
  return step('connect', `${alter(schema, table)} VALIDATE CONSTRAINT ${quoted(name)}`);
}

function reindex(schema: string, name: string, { isInTransaction }: Goal): Step {
  const concurrently = isInTransaction ? '' : ' CONCURRENTLY';
  return step('index', `REINDEX INDEX${concurrently} ${qualified(schema, name)}`, { isConcurrent: !isInTransaction });
}

/** The triggers of a foreign key are on both tables. PostgreSQL validates the constraint again only if it is dropped and added. */
function enableTriggers({ schema, table, attributes }: Fact): Step[] {
  const [, referenced] = /REFERENCES ((?:"(?:[^"]|"")*"|[^\s("]+)+)\(/.exec(attributes['definition'] ?? '') ?? [];
  const other = referenced === undefined ? [] : [`ALTER TABLE ${referenced} ENABLE TRIGGER ALL`];
  return [`${alter(schema, table)} ENABLE TRIGGER ALL`, ...other].map((sql) => step('act', sql));
}

export function indexSteps(difference: Difference, goal: Goal): Step[] {
  const { schema, name, change, attribute, have = '', want = '' } = difference;
  if (change === 'renamed') {
    return [step('rename', `ALTER INDEX ${qualified(schema, have)} RENAME TO ${quoted(name)}`)];
  }
  const drop = dropIndex(difference, goal);
  if (change === 'extra') return [drop];
  if (attribute === 'indexState') return [reindex(schema, name, goal)];
  if (attribute === 'options') {
    return optionSteps(`ALTER INDEX ${qualified(schema, name)}`, have, want).map((sql) => step('index', sql));
  }
  const fact = goal.want.find(difference);
  if (fact === undefined) return [];
  return change === 'missing' ? [createIndex(fact, goal)] : [drop, createIndex(fact, goal)];
}

/** PostgreSQL cannot build or drop an index of a partitioned table concurrently. */
function isConcurrent({ schema, table }: Pick<Fact, 'schema' | 'table'>, goal: Goal): boolean {
  return !goal.isInTransaction && !isPartitioned(goal.want.table(schema, table));
}

function dropIndex({ schema, table, name }: Difference, goal: Goal): Step {
  const concurrent = isConcurrent({ schema, table }, goal);
  return step('drop keys', `DROP INDEX ${concurrent ? 'CONCURRENTLY ' : ''}${qualified(schema, name)}`, {
    isConcurrent: concurrent,
  });
}

function createIndex(fact: Fact, goal: Goal): Step {
  const concurrent = isConcurrent(fact, goal);
  // pg_get_indexdef prints ON ONLY for a partitioned table.
  const definition = (fact.attributes['definition'] ?? '').replace(' ON ONLY ', ' ON ');
  const sql = concurrent ? definition.replace(' INDEX ', ' INDEX CONCURRENTLY ') : definition;
  return step('index', sql, { isConcurrent: concurrent });
}
