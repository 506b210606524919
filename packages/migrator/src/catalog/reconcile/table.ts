/** Returns the SQL for differences of tables and views: kind, storage options, inheritance, queries. */
import type { Difference } from '../difference.ts';
import { type Fact, isPartition, isPartitioned, isView } from '../fact.ts';
import { createTableSql, createViewSql } from './create-table.ts';
import { alterRelation, type ReconcileInput, tableObject } from './reconcile-input.ts';
import { alterTable, listOf, qualifiedName, quoted } from '../quoted.ts';
import { type Step, step } from './statement.ts';

export function tableSteps(difference: Difference, input: ReconcileInput): Step[] {
  const { schema, table, change, attribute, have } = difference;
  const fact = input.want.table(schema, table);
  if (change === 'extra') return dropTableSteps(difference, have ?? '', input, 'drop extra');
  if (fact === undefined) return [];
  if (change === 'missing') return createRelationSteps(fact, input);
  if (attribute === 'kind')
    return [...dropTableSteps(difference, have ?? '', input, 'drop views'), ...createRelationSteps(fact, input)];
  return alterTableStatements(difference, fact, input).map((sql) =>
    step('create', sql, { object: tableObject(schema, table), rank: 6 }),
  );
}

function createRelationSteps(fact: Fact, { want }: ReconcileInput): Step[] {
  const object = { object: tableObject(fact.schema, fact.table) };
  if (isView(fact)) return [step('create', createViewSql(fact, want), object)];
  if (fact.attributes['kind'] === 'foreign table') return [];
  const { replicaIdentity = 'default' } = fact.attributes;
  const hasReplicaIdentity = ['full', 'nothing'].includes(replicaIdentity);
  const identity = `${alterTable(fact.schema, fact.table)} REPLICA IDENTITY ${replicaIdentity.toUpperCase()}`;
  return [
    step('create', createTableSql(fact, want), object),
    ...(hasReplicaIdentity ? [step('create', identity, { ...object, rank: 6 })] : []),
  ];
}

/** Drops the table or view. `kind` is the attribute of the fact, such as `materialized view`. */
function dropTableSteps(
  { schema, table }: Difference,
  kind: string,
  input: ReconcileInput,
  phase: 'drop extra' | 'drop views',
): Step[] {
  const [, word = ''] = /(table|view)$/.exec(kind) ?? [];
  const prefix = /^(foreign|materialized) /.exec(kind)?.[0] ?? '';
  const keyword = `${prefix}${word}`.toUpperCase();
  const object = { object: tableObject(schema, table) };
  if (kind.endsWith('view')) return [step(phase, `DROP ${keyword} ${qualifiedName(schema, table)}`, object)];
  // Foreign keys are dropped first, because tables that reference each other cannot be dropped in any order.
  const keys = input.have
    .ofTable(schema, table, 'constraint')
    .filter(({ attributes }) => attributes['constraintType'] === 'foreign key');
  const isOneOfMany =
    input.differences.filter(({ kind: other, change }) => other === 'table' && change === 'extra').length > 1;
  return [
    ...(isOneOfMany && input.isLiveCatalogGiven ? keys : []).map(({ name }) =>
      step('unlink', `${alterTable(schema, table)} DROP CONSTRAINT ${quoted(name)}`),
    ),
    step(phase, `DROP ${keyword} ${qualifiedName(schema, table)}`, { ...object, losesData: { schema, table } }),
  ];
}

function alterTableStatements(difference: Difference, fact: Fact, input: ReconcileInput): string[] {
  const { schema, table, attribute, have = '', want = '' } = difference;
  const change = alterTable(schema, table);
  switch (attribute) {
    case 'persistence':
      return [`${change} SET ${want === 'permanent' ? 'LOGGED' : 'UNLOGGED'}`];
    case 'replicaIdentity':
      // The catalog does not name the index.
      return want === 'index' ? [] : [`${change} REPLICA IDENTITY ${want.toUpperCase()}`];
    case 'options':
      return optionStatements(alterRelation(fact, input), have, want);
    case 'accessMethod':
      return [`${change} SET ACCESS METHOD ${want}`];
    case 'ofType':
      return [want === 'none' ? `${change} NOT OF` : `${change} OF ${want}`];
    case 'inherits':
    case 'partitionBound':
      return parentStatements(fact, input);
    case 'inheritedBy':
      return childStatements(difference, fact, input);
    default:
      return [];
  }
}

/** The statements that change one list of options, such as `fillfactor=70, autovacuum_enabled=false`, into another. */
export function optionStatements(change: string, have: string, want: string): string[] {
  const [found, wanted] = [optionsOf(have), optionsOf(want)];
  const gone = [...found.keys()].filter((name) => !wanted.has(name));
  const set = [...wanted]
    .filter(([name, value]) => found.get(name) !== value)
    .map(([name, value]) => `${name}=${value}`);
  return [
    ...(gone.length > 0 ? [`${change} RESET (${gone.join(', ')})`] : []),
    ...(set.length > 0 ? [`${change} SET (${set.join(', ')})`] : []),
  ];
}

function optionsOf(list: string): Map<string, string> {
  return new Map(
    listOf(list).map((option): [string, string] => {
      const at = option.indexOf('=');
      return [option.slice(0, at), option.slice(at + 1)];
    }),
  );
}

/** Attaches and detaches parents, which are listed as qualified SQL names. */
function parentStatements(fact: Fact, { have }: ReconcileInput): string[] {
  const { schema, table, attributes } = fact;
  const before = have.table(schema, table);
  const change = alterTable(schema, table);
  const [found, wanted] = [listOf(before?.attributes['inherits'] ?? 'none'), listOf(attributes['inherits'] ?? 'none')];
  const own = qualifiedName(schema, table);
  const leave = found.map((parent) =>
    isPartition(before) ? `ALTER TABLE ${parent} DETACH PARTITION ${own}` : `${change} NO INHERIT ${parent}`,
  );
  if (isPartition(fact))
    return [...leave, `ALTER TABLE ${wanted[0]} ATTACH PARTITION ${own} ${attributes['partitionBound']}`];
  return [
    ...leave.filter((_, at) => isPartition(before) || !wanted.includes(found[at] ?? '')),
    ...wanted
      .filter((parent) => isPartition(before) || !found.includes(parent))
      .map((parent) => `${change} INHERIT ${parent}`),
  ];
}

/** Detaches extra children only: the difference of a missing child creates or attaches that child. */
function childStatements({ have = '', want = '' }: Difference, fact: Fact, input: ReconcileInput): string[] {
  const parent = qualifiedName(fact.schema, fact.table);
  const wanted = new Set(want.split(', '));
  const gone = listOf(have).filter((child) => !wanted.has(child));
  return gone.map((child) =>
    isPartitioned(input.have.find(fact))
      ? `ALTER TABLE ${parent} DETACH PARTITION ${child}`
      : `ALTER TABLE ${child} NO INHERIT ${parent}`,
  );
}

/** Changes the query of a view. */
export function viewSteps({ schema, table, change }: Difference, input: ReconcileInput): Step[] {
  const fact = input.want.table(schema, table);
  const object = { object: tableObject(schema, table) };
  // A view that cannot be replaced is dropped and created: see `dependents.ts`.
  if (change !== 'changed' || fact === undefined || input.recreated.has(object.object)) return [];
  return [step('create', createViewSql(fact, input.want, true), object)];
}

/** Whether CREATE OR REPLACE VIEW can change the view: it can only add columns at the end. */
export function canReplaceView(fact: Fact, { have, want, isLiveCatalogGiven }: ReconcileInput): boolean {
  if (!isLiveCatalogGiven || fact.attributes['kind'] !== 'view') return false;
  const found = have.columns(fact.schema, fact.table).map(termsOf);
  const wanted = want.columns(fact.schema, fact.table).map(termsOf);
  return found.every((column, at) => wanted[at] === column);
}

const termsOf = ({ name, attributes: { type, collation } }: Fact): string => JSON.stringify([name, type, collation]);
