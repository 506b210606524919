/** The SQL that makes one difference go away, where a line or two of SQL can. */
import type { Difference } from './compare-catalogs.ts';
import { describeFact, type Fact } from './fact.ts';
import { alter, qualified, quoted } from './quoted.ts';
import { reconcileSurroundings } from './reconcile-surroundings.ts';

/**
 * Statements that would reconcile a difference with the catalog that is wanted, in order, without semicolons; none where
 * that takes thought or would lose data (a missing table, an extra column, a column's order). They are written for a
 * database in use: indexes are built and dropped `CONCURRENTLY`, which a transaction does not allow, and a foreign key
 * or a check is added without a scan under lock and then validated.
 *
 * ```ts
 * const remedies = compareCatalogs(live, wanted).map((difference) => reconcile(difference, wanted));
 * ```
 */
export function reconcile(difference: Difference, want: readonly Fact[]): string[] {
  const { kind, change, schema, table, name } = difference;
  if (schema !== '' && schema !== 'public') return [];
  const fact = want.find(
    (other) => other.kind === kind && other.schema === schema && other.table === table && other.name === name,
  );
  if (change === 'renamed') return [rename(difference)];
  switch (kind) {
    case 'table':
      return tableRemedy(difference);
    case 'column':
      return columnRemedy(difference, fact);
    case 'index':
      return indexRemedy(difference, fact);
    case 'constraint':
      return constraintRemedy(difference, fact);
    case 'sequence':
      return sequenceRemedy(difference);
    default:
      return reconcileSurroundings(difference);
  }
}

function rename({ kind, table, name, have = '' }: Difference): string {
  return kind === 'index'
    ? `ALTER INDEX ${qualified(have)} RENAME TO ${quoted(name)}`
    : `${alter(table)} RENAME CONSTRAINT ${quoted(have)} TO ${quoted(name)}`;
}

function tableRemedy({ table, change, attribute, have = '', want }: Difference): string[] {
  if (change !== 'changed') return [];
  switch (attribute) {
    case 'persistence':
      return [`${alter(table)} SET ${want === 'permanent' ? 'LOGGED' : 'UNLOGGED'}`];
    case 'replicaIdentity':
      return want === 'default' ? [`${alter(table)} REPLICA IDENTITY DEFAULT`] : [];
    case 'options':
      return want === 'none' ? [`${alter(table)} RESET (${namesOf(have)})`] : [];
    default:
      return [];
  }
}

/** Of storage options as they are listed: `fillfactor=70, autovacuum_enabled=false`. */
function namesOf(options: string): string {
  return options.replaceAll(/=[^,]*/g, '');
}

function columnRemedy(difference: Difference, fact?: Fact): string[] {
  const { table, name, change, attribute, want } = difference;
  const column = `${alter(table)} ALTER COLUMN ${quoted(name)}`;
  if (fact === undefined || change === 'extra') return [];
  if (change === 'missing') return [`${alter(table)} ADD COLUMN ${quoted(name)} ${describeFact(fact)}`];
  switch (attribute) {
    case 'type':
    case 'collation':
      return [`${column} TYPE ${typeOf(fact)}${attribute === 'type' ? conversion(difference) : ''}`];
    case 'nullability':
      return [`${column} ${want === 'not null' ? 'SET' : 'DROP'} NOT NULL`];
    case 'default':
      return [want === 'none' ? `${column} DROP DEFAULT` : `${column} SET DEFAULT ${want}`];
    default:
      return [];
  }
}

/** A time without a zone was written as UTC by all who keep times; PostgreSQL would take it for the session's. */
function conversion({ name, have = '', want = '' }: Difference): string {
  const isTime = [have, want].every((type) => type.startsWith('timestamp'));
  const isMoved = have.endsWith('with time zone') !== want.endsWith('with time zone');
  return isTime && isMoved ? ` USING ${quoted(name)} AT TIME ZONE 'UTC'` : '';
}

function typeOf({ attributes: { type = '', collation } }: Fact): string {
  return collation === 'default' ? type : `${type} COLLATE ${collation}`;
}

function indexRemedy({ name, change, attribute }: Difference, fact?: Fact): string[] {
  const drop = `DROP INDEX CONCURRENTLY ${qualified(name)}`;
  if (change === 'extra') return [drop];
  if (attribute === 'indexState') return [`REINDEX INDEX CONCURRENTLY ${qualified(name)}`];
  const create = fact?.attributes['definition']?.replace(' INDEX ', ' INDEX CONCURRENTLY ');
  if (create === undefined) return [];
  return change === 'missing' ? [create] : [drop, create];
}

function constraintRemedy(difference: Difference, fact?: Fact): string[] {
  const { table, name, change, attribute } = difference;
  const drop = `${alter(table)} DROP CONSTRAINT ${quoted(name)}`;
  const validate = `${alter(table)} VALIDATE CONSTRAINT ${quoted(name)}`;
  const { definition = '', constraintType, validity } = fact?.attributes ?? {};
  if (change === 'extra') return [drop];
  if (attribute === 'validity' && difference.have === 'not valid') return [validate];
  if (attribute === 'indexState') return [`REINDEX INDEX CONCURRENTLY ${qualified(name)}`];
  if (attribute === 'options') return [`ALTER INDEX ${qualified(name)} RESET (${namesOf(difference.have ?? '')})`];
  if (attribute === 'disabledTriggers') return enableTriggers(table, definition);
  if (fact === undefined) return [];

  const add = `${alter(table)} ADD CONSTRAINT ${quoted(name)} ${definition}`;
  const isChecked = constraintType === 'foreign key' || constraintType === 'check';
  const create = isChecked && validity === 'valid' ? [`${add} NOT VALID`, validate] : [add];
  return change === 'missing' ? create : [drop, ...create];
}

/** A foreign key's triggers stand on both tables. The constraint is validated anew only when it is dropped and added. */
function enableTriggers(table: string, definition: string): string[] {
  const [, referenced] = /REFERENCES (\S+?)\(/.exec(definition) ?? [];
  const other = referenced === undefined ? [] : [`ALTER TABLE ${referenced} ENABLE TRIGGER ALL`];
  return [`${alter(table)} ENABLE TRIGGER ALL`, ...other];
}

// What ALTER SEQUENCE calls an attribute, before its value.
const SEQUENCE_CLAUSES: Record<string, string> = {
  type: 'AS',
  start: 'START',
  increment: 'INCREMENT',
  minimum: 'MINVALUE',
  cache: 'CACHE',
  cycle: '',
};

function sequenceRemedy({ name, change, attribute = '', want = '' }: Difference): string[] {
  if (change !== 'changed') return [];
  const alterSequence = `ALTER SEQUENCE ${qualified(name)}`;
  if (attribute === 'maximum') {
    return [`${alterSequence} ${want === 'of its type' ? 'NO MAXVALUE' : `MAXVALUE ${want}`}`];
  }
  if (attribute === 'ownedBy') {
    const owner = want === 'none' ? 'NONE' : qualified(...want.split('.'));
    return [`${alterSequence} OWNED BY ${owner}`];
  }
  if (attribute === 'persistence') return [`${alterSequence} SET LOGGED`];
  const clause = SEQUENCE_CLAUSES[attribute];
  if (clause === undefined) return [];
  return [[alterSequence, clause, want].filter((word) => word !== '').join(' ')];
}
