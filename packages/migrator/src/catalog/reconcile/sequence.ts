/** Returns the SQL for differences of sequences: their options, and the column that owns them. */
import type { Difference } from '../difference.ts';
import type { Fact } from '../fact.ts';
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
  if (change !== 'missing') return alterSequenceSteps(difference, fact, input);
  return isIdentitySequence(fact, input) ? [] : createSequenceSteps(fact, input);
}

/** Whether the sequence belongs to an identity column: ADD GENERATED AS IDENTITY creates such a sequence. */
function isIdentitySequence(fact: Fact, { want }: ReconcileInput): boolean {
  const column = ownerOf(fact, want.all);
  return column !== undefined && column.attributes['identity'] !== 'none';
}

function createSequenceSteps(fact: Fact, { want }: ReconcileInput): Step[] {
  const sequence = qualifiedName(fact.schema, fact.name);
  const clauses = [`AS ${fact.attributes['type']}`, ...sequenceClauses(fact)].join(' ');
  const column = ownerOf(fact, want.all);
  const create = step('sequences', `CREATE SEQUENCE IF NOT EXISTS ${sequence} ${clauses}`);
  if (column === undefined) return [create];
  const name = quoted(column.name);
  const table = qualifiedName(column.schema, column.table);
  return [
    create,
    step('links', `ALTER SEQUENCE ${sequence} OWNED BY ${table}.${name}`),
    // Sets the sequence to a value above those of the existing rows.
    step('links', `SELECT setval(${literal(sequence)}, max(${name})) FROM ${table} HAVING max(${name}) > 0`),
  ];
}

function alterSequenceSteps({ attribute = '', have = '' }: Difference, fact: Fact, input: ReconcileInput): Step[] {
  const { schema, name, attributes } = fact;
  const sequence = `ALTER SEQUENCE ${qualifiedName(schema, name)}`;
  const want = attributes[attribute] ?? '';
  if (attribute === 'ownedBy') {
    const owner = ownerOf(fact, input.want.all);
    const words = owner === undefined ? 'NONE' : qualifiedName(owner.schema, owner.table, owner.name);
    return [step('links', `${sequence} OWNED BY ${words}`)];
  }
  if (attribute === 'persistence') {
    const isUnlogged = want === 'unlogged' || (want === 'of its table' && have === 'permanent');
    return [step('links', `${sequence} SET ${isUnlogged ? 'UNLOGGED' : 'LOGGED'}`)];
  }
  // All options are changed in one statement, because START must be within the limits at any time.
  const changed = input.differences.filter(
    (other) => other.kind === 'sequence' && other.schema === schema && other.name === name,
  );
  const terms = changed.filter((other) => !['ownedBy', 'persistence'].includes(other.attribute ?? ''));
  const clauses =
    terms.length > 1 ? [`AS ${attributes['type']}`, ...sequenceClauses(fact)] : [clauseOf(attribute, fact)];
  return [step('links', `${sequence} ${clauses.join(' ')}`)];
}

/** All clauses of CREATE SEQUENCE but the type. */
export function sequenceClauses(fact: Fact): string[] {
  return ['increment', 'minimum', 'maximum', 'start', 'cache', 'cycle'].map((attribute) => clauseOf(attribute, fact));
}

function clauseOf(attribute: string, { attributes }: Fact): string {
  const want = attributes[attribute] ?? '';
  if (attribute === 'maximum') return want === 'of its type' ? 'NO MAXVALUE' : `MAXVALUE ${want}`;
  if (attribute === 'cycle') return want.toUpperCase();
  return `${CLAUSES[attribute]} ${want}`;
}

const CLAUSES: Readonly<Record<string, string>> = {
  type: 'AS',
  start: 'START',
  increment: 'INCREMENT',
  minimum: 'MINVALUE',
  cache: 'CACHE',
};

/** The column that owns the sequence. */
function ownerOf({ schema, attributes }: Fact, facts: readonly Fact[]): Fact | undefined {
  const ownedBy = attributes['ownedBy'];
  return facts.find(
    (fact) =>
      fact.kind === 'column' &&
      ownedBy === `${fact.schema === schema ? '' : `${fact.schema}.`}${fact.table}.${fact.name}`,
  );
}
