/** Returns the SQL for differences of tables and views (kind, options, inheritance, queries), from the live state `have` to `want`. */
import type { Difference } from '../difference.ts';
import { type Fact, isPartition, isPartitioned, isView } from '../fact.ts';
import { createTableSql, createViewSql } from './create-table.ts';
import { alterRelation, type ReconcileInput, tableObject } from './reconcile-input.ts';
import { alterTable, compareLists, listOf, qualifiedName, quoted } from '../quoted.ts';
import { type Phase, type Step, step } from './statement.ts';

export function tableSteps(difference: Difference, input: ReconcileInput): Step[] {
  const { schema, table, change, attribute } = difference;
  const fact = input.want.table(schema, table);
  if (change === 'extra') return dropTableSteps(difference, input, 'drop extra');
  if (fact === undefined) return [];
  if (change === 'missing') return createRelationSteps(fact, input);
  if (attribute === 'kind')
    return [...dropTableSteps(difference, input, 'drop dependents'), ...createRelationSteps(fact, input)];
  const details = { object: tableObject(schema, table), rank: LAST_OF_TABLE };
  return alterTableStatements(difference, fact, input).map((sql) => step('create', sql, details));
}

/** The rank of statements that follow all others of the same table. */
const LAST_OF_TABLE = 6;

/** Creates the table or view, and sets its replica identity; not a foreign table, whose server and options the catalog does not contain as SQL. */
function createRelationSteps(fact: Fact, { want }: ReconcileInput): Step[] {
  const object = { object: tableObject(fact.schema, fact.table) };
  if (isView(fact)) return [step('create', createViewSql(fact, want), object)];
  if (fact.attributes['kind'] === 'foreign table') return [];
  const { replicaIdentity = 'default' } = fact.attributes;
  const create = step('create', createTableSql(fact, want), object);
  // "default" needs no statement. For "index", the catalog does not name the index.
  if (!['full', 'nothing'].includes(replicaIdentity)) return [create];
  const setIdentity = `${alterTable(fact.schema, fact.table)} REPLICA IDENTITY ${replicaIdentity.toUpperCase()}`;
  return [create, step('create', setIdentity, { ...object, rank: LAST_OF_TABLE })];
}

/** Drops the table or view. `have` of the difference is its kind, such as `materialized view`. */
function dropTableSteps({ schema, table, have: kind = '' }: Difference, input: ReconcileInput, phase: Phase): Step[] {
  // DROP TABLE also drops a partitioned table.
  const keywords = kind.replace('partitioned ', '').toUpperCase();
  const object = { object: tableObject(schema, table) };
  if (kind.endsWith('view')) return [step(phase, `DROP ${keywords} ${qualifiedName(schema, table)}`, object)];
  // Foreign keys are dropped first, because tables that reference each other cannot be dropped in any order.
  const foreignKeys = input.have
    .ofTable(schema, table, 'constraint')
    .filter(({ attributes }) => attributes['constraintType'] === 'foreign key');
  const extraTables = input.differences.filter((other) => other.kind === 'table' && other.change === 'extra');
  return [
    ...(extraTables.length > 1 && input.isLiveCatalogGiven ? foreignKeys : []).map(({ name }) =>
      step('unlink', `${alterTable(schema, table)} DROP CONSTRAINT ${quoted(name)}`),
    ),
    step(phase, `DROP ${keywords} ${qualifiedName(schema, table)}`, { ...object, losesData: { schema, table } }),
  ];
}

function alterTableStatements(difference: Difference, fact: Fact, input: ReconcileInput): string[] {
  const { schema, table, attribute, have = '', want = '' } = difference;
  const alter = alterTable(schema, table);
  switch (attribute) {
    case 'persistence':
      return [`${alter} SET ${want === 'permanent' ? 'LOGGED' : 'UNLOGGED'}`];
    case 'replicaIdentity':
      // The catalog does not name the index.
      return want === 'index' ? [] : [`${alter} REPLICA IDENTITY ${want.toUpperCase()}`];
    case 'options':
      return optionStatements(alterRelation(fact, input), have, want);
    case 'accessMethod':
      return [`${alter} SET ACCESS METHOD ${want}`];
    case 'ofType':
      return [want === 'none' ? `${alter} NOT OF` : `${alter} OF ${want}`];
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
export function optionStatements(alterObject: string, have: string, want: string): string[] {
  const [haveOptions, wantOptions] = [optionsOf(have), optionsOf(want)];
  const removed = [...haveOptions.keys()].filter((name) => !wantOptions.has(name));
  const changed = [...wantOptions]
    .filter(([name, value]) => haveOptions.get(name) !== value)
    .map(([name, value]) => `${name}=${value}`);
  return [
    ...(removed.length > 0 ? [`${alterObject} RESET (${removed.join(', ')})`] : []),
    ...(changed.length > 0 ? [`${alterObject} SET (${changed.join(', ')})`] : []),
  ];
}

function optionsOf(list: string): Map<string, string> {
  return new Map(
    listOf(list).map((option): [string, string] => {
      const end = option.indexOf('=');
      return [option.slice(0, end), option.slice(end + 1)];
    }),
  );
}

/** Detaches the table from the parents that are not wanted, and attaches it to the wanted ones. Parents are qualified SQL names. */
function parentStatements(fact: Fact, { have }: ReconcileInput): string[] {
  const { schema, table, attributes } = fact;
  const before = have.table(schema, table);
  const alter = alterTable(schema, table);
  const haveParents = listOf(before?.attributes['inherits'] ?? 'none');
  const wantParents = listOf(attributes['inherits'] ?? 'none');
  const name = qualifiedName(schema, table);
  // A partition has one parent. To become a child, or a partition of other values, it leaves this parent in any case.
  const keepsParents = !isPartition(before) && !isPartition(fact);
  const detach = haveParents
    .filter((parent) => !keepsParents || !wantParents.includes(parent))
    .map((parent) =>
      isPartition(before) ? `ALTER TABLE ${parent} DETACH PARTITION ${name}` : `${alter} NO INHERIT ${parent}`,
    );
  if (isPartition(fact))
    return [...detach, `ALTER TABLE ${wantParents[0]} ATTACH PARTITION ${name} ${attributes['partitionBound']}`];
  const attach = wantParents.filter((parent) => !keepsParents || !haveParents.includes(parent));
  return [...detach, ...attach.map((parent) => `${alter} INHERIT ${parent}`)];
}

/** Detaches the children that are not wanted. A wanted child is created or attached by its own difference. */
function childStatements(difference: Difference, fact: Fact, input: ReconcileInput): string[] {
  const parent = qualifiedName(fact.schema, fact.table);
  return compareLists(difference).removed.map((child) =>
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
  const haveColumns = have.columns(fact.schema, fact.table).map(describeViewColumn);
  const wantColumns = want.columns(fact.schema, fact.table).map(describeViewColumn);
  return haveColumns.every((column, index) => wantColumns[index] === column);
}

/** The properties of a view's column that CREATE OR REPLACE VIEW cannot change, as text to compare. */
const describeViewColumn = ({ name, attributes: { type, collation } }: Fact): string =>
  JSON.stringify([name, type, collation]);
