/** Returns the SQL for differences of sequences (options, owning column), from the live state `have` to the wanted state `want`. */
import type { Difference } from '../difference.ts';
import { type Fact, identityOf } from '../fact.ts';
import type { ReconcileInput } from './reconcile-input.ts';
import { literal, qualifiedName, quoted } from '../quoted.ts';
import { type Step, step } from './statement.ts';

export function sequenceSteps(difference: Difference, input: ReconcileInput): Step[] {
  const { schema, name, change } = difference;
  const fact = input.want.find(difference);
  const sequence = qualifiedName(schema, name);
  if (change === 'extra') {
    // The counter of a sequence that no column owns is data.
    const isOwned = difference.table !== '';
    const losesData = isOwned ? {} : { losesData: { schema, table: name } };
    return [step('drop extra', `DROP SEQUENCE IF EXISTS ${sequence}`, losesData)];
  }
  if (fact === undefined) return [];
  return change === 'missing' ? createSequenceSteps(fact, input) : alterSequenceSteps(difference, fact, input);
}

/**
 * Creates the sequence. If a column owns it, it then continues above the values of the existing rows. None for the sequence of an identity
 * column: ADD GENERATED AS IDENTITY creates it.
 */
function createSequenceSteps(fact: Fact, { want }: ReconcileInput): Step[] {
  const sequence = qualifiedName(fact.schema, fact.name);
  const clauses = [`AS ${fact.attributes['type']}`, ...sequenceClauses(fact)].join(' ');
  const column = owningColumnOf(fact, want.all);
  if (column !== undefined && column.attributes['identity'] !== 'none') return [];
  const create = step('sequences', `CREATE SEQUENCE IF NOT EXISTS ${sequence} ${clauses}`);
  if (column === undefined) return [create];
  const name = quoted(column.name);
  const table = qualifiedName(column.schema, column.table);
  return [
    create,
    step('links', `ALTER SEQUENCE ${sequence} OWNED BY ${table}.${name}`),
    step('links', `SELECT setval(${literal(sequence)}, max(${name})) FROM ${table} HAVING max(${name}) > 0`),
  ];
}

/** Changes the owning column, the persistence, or the options of the sequence. */
function alterSequenceSteps({ attribute = '', have = '' }: Difference, fact: Fact, input: ReconcileInput): Step[] {
  const { schema, name, attributes } = fact;
  const alterSequence = `ALTER SEQUENCE ${qualifiedName(schema, name)}`;
  const want = attributes[attribute] ?? '';
  if (attribute === 'ownedBy') {
    const column = owningColumnOf(fact, input.want.all);
    const columnName = column === undefined ? 'NONE' : qualifiedName(column.schema, column.table, column.name);
    return [step('links', `${alterSequence} OWNED BY ${columnName}`)];
  }
  if (attribute === 'persistence') {
    // `of its table`: equal to the table's. The live sequence differs from its table, so a permanent sequence has an unlogged table.
    const isUnlogged = want === 'unlogged' || (want === 'of its table' && have === 'permanent');
    return [step('links', `${alterSequence} SET ${isUnlogged ? 'UNLOGGED' : 'LOGGED'}`)];
  }
  // If several options differ, one statement sets all, because START must be within the limits at any time. Each of the differences
  // returns this statement, and `sortSteps` keeps one.
  const changes = input.differences.filter((other) => identityOf(other) === identityOf(fact));
  const hasSeveral = changes.filter((other) => !['ownedBy', 'persistence'].includes(other.attribute ?? '')).length > 1;
  const clauses = hasSeveral ? [`AS ${attributes['type']}`, ...sequenceClauses(fact)] : [clauseOf(attribute, fact)];
  return [step('links', `${alterSequence} ${clauses.join(' ')}`)];
}

/** All clauses of CREATE SEQUENCE but the type. */
export function sequenceClauses(fact: Fact): string[] {
  return ['increment', 'minimum', 'maximum', 'start', 'cache', 'cycle'].map((attribute) => clauseOf(attribute, fact));
}

/** The clause that sets an attribute, such as `MINVALUE 1`. */
function clauseOf(attribute: string, { attributes }: Fact): string {
  const want = attributes[attribute] ?? '';
  if (attribute === 'maximum') return want === 'of its type' ? 'NO MAXVALUE' : `MAXVALUE ${want}`;
  if (attribute === 'cycle') return want.toUpperCase();
  return `${KEYWORDS[attribute]} ${want}`;
}

const KEYWORDS: Readonly<Record<string, string>> = {
  type: 'AS',
  start: 'START',
  increment: 'INCREMENT',
  minimum: 'MINVALUE',
  cache: 'CACHE',
};

/** The column that owns the sequence: `ownedBy` is `table.column`, with the schema before it if the sequence is in another one. */
function owningColumnOf({ schema, attributes }: Fact, facts: readonly Fact[]): Fact | undefined {
  const ownedBy = attributes['ownedBy'];
  return facts.find(
    (fact) =>
      fact.kind === 'column' &&
      ownedBy === `${fact.schema === schema ? '' : `${fact.schema}.`}${fact.table}.${fact.name}`,
  );
}
