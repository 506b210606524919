/** Finds the indexes and foreign keys that exist after statements. */
import type { AlterTableCmd, Constraint, IndexStmt, Node, RenameStmt } from 'libpg-query';

import { addedColumns, columnNotNull, constraintsOf } from './column.ts';
import { droppedNames } from './objects.ts';
import { addedConstraint, commandsOf, nodeAs, tableName, textsOf } from './statement-context.ts';

export interface Key {
  readonly kind: 'index' | 'foreign';
  /** Qualified with the schema. */
  readonly name: string;
  readonly table: string;
  /** For an index: the columns before its first expression. */
  readonly columns: readonly string[];
  /** The table that a foreign key refers to. */
  readonly references?: string;
}

/** The indexes and foreign keys that exist after the statements have run in order. */
export function keysAfter(statements: readonly Node[]): Key[] {
  return statements.reduce<Key[]>((keys, node) => {
    const remaining = removeDropped(keys, node);
    return [...renameKeys(remaining, nodeAs(node, 'RenameStmt')), ...keysOf(node)];
  }, []);
}

/** The indexes and foreign keys that a statement adds. */
export function keysOf(node: Node): Key[] {
  const index = nodeAs(node, 'IndexStmt');
  if (index !== undefined) return [keyOfIndex(index)].filter((key) => canFindRows(index, key));
  const created = nodeAs(node, 'CreateStmt');
  const table = tableName(created?.relation ?? nodeAs(node, 'AlterTableStmt')?.relation);
  const columns = (created?.tableElts ?? []).flatMap((element) => nodeAs(element, 'ColumnDef') ?? []);
  const constraints = (created?.tableElts ?? []).flatMap((element) => nodeAs(element, 'Constraint') ?? []);
  const commands = commandsOf(node);
  return [
    ...[...columns, ...commands.flatMap(addedColumns)].flatMap((column) =>
      constraintsOf(column).flatMap((constraint) => keyOfConstraint(table, constraint, [column.colname ?? ''])),
    ),
    ...[...constraints, ...commands.flatMap((command) => addedConstraint(command) ?? [])].flatMap((constraint) =>
      keyOfConstraint(table, constraint, textsOf(constraint.fk_attrs ?? constraint.keys)),
    ),
  ];
}

/** The foreign key, or the index that PostgreSQL creates for a primary key or a UNIQUE; none for other constraints. */
function keyOfConstraint(table: string, constraint: Constraint, columns: readonly string[]): Key[] {
  const { contype, conname, indexname, pktable } = constraint;
  const [schema = '', relation = ''] = table.split('.');
  // The name in the statement, else the name that PostgreSQL chooses.
  const nameWith = (suffix: string) => `${schema}.${conname ?? `${relation}_${suffix}`}`;
  const columnNames = columns.join('_');
  if (contype === 'CONSTR_FOREIGN')
    return [{ kind: 'foreign', name: nameWith(`${columnNames}_fkey`), table, columns, references: tableName(pktable) }];
  // With USING INDEX, the index exists already.
  if (indexname !== undefined) return [];
  if (contype === 'CONSTR_PRIMARY') return [{ kind: 'index', name: nameWith('pkey'), table, columns }];
  if (contype === 'CONSTR_UNIQUE') return [{ kind: 'index', name: nameWith(`${columnNames}_key`), table, columns }];
  return [];
}

function keyOfIndex({ idxname = '', relation, indexParams = [] }: IndexStmt): Key {
  // An expression has no name.
  const columns = indexParams.map((element) => nodeAs(element, 'IndexElem')?.name);
  const end = columns.indexOf(undefined);
  return {
    kind: 'index',
    name: `${relation?.schemaname ?? 'public'}.${idxname}`,
    table: tableName(relation),
    columns: columns.slice(0, end === -1 ? columns.length : end).flatMap((column) => column ?? []),
  };
}

/** Whether the index can find all rows with a given value of its first column. It may leave out the rows where that column is null. */
function canFindRows({ accessMethod = 'btree', whereClause }: IndexStmt, { columns: [first] }: Key): boolean {
  const hasAllValues = whereClause === undefined || (first !== undefined && columnNotNull(whereClause) === first);
  return ['btree', 'hash'].includes(accessMethod) && hasAllValues;
}

/** The keys that remain after the statement: it may drop an index, a table, a column or a constraint. */
function removeDropped(keys: readonly Key[], node: Node): Key[] {
  const drop = nodeAs(node, 'DropStmt');
  const dropped = new Set(drop === undefined ? [] : droppedNames(drop));
  const alteredTable = tableName(nodeAs(node, 'AlterTableStmt')?.relation);
  return keys.filter((key) => {
    if (drop?.removeType === 'OBJECT_INDEX') return !(key.kind === 'index' && dropped.has(key.name));
    if (drop?.removeType === 'OBJECT_TABLE') return !dropped.has(key.table) && !dropped.has(key.references ?? '');
    return !(key.table === alteredTable && commandsOf(node).some((command) => isDroppedBy(key, command)));
  });
}

function isDroppedBy(key: Key, { subtype, name = '' }: AlterTableCmd): boolean {
  if (subtype === 'AT_DropColumn') return key.columns.includes(name);
  return subtype === 'AT_DropConstraint' && key.name.split('.')[1] === name;
}

/** The keys with their new names after RENAME of an index, a table, a column or a constraint. */
function renameKeys(keys: readonly Key[], rename: RenameStmt | undefined): Key[] {
  if (rename === undefined) return [...keys];
  // `relation` is the index or the table; `subname` is the old name of a column or a constraint of that table.
  const { renameType, relation, subname = '', newname = '' } = rename;
  const [relationName, schema] = [tableName(relation), relation?.schemaname ?? 'public'];
  const newQualifiedName = `${schema}.${newname}`;
  const renamed = (name: string) => (name === relationName ? newQualifiedName : name);
  return keys.map((key) => {
    if (renameType === 'OBJECT_INDEX') return { ...key, name: renamed(key.name) };
    if (renameType === 'OBJECT_TABLE') {
      const references = key.references !== undefined && { references: renamed(key.references) };
      return { ...key, table: renamed(key.table), ...references };
    }
    if (key.table !== relationName) return key;
    if (renameType === 'OBJECT_COLUMN')
      return { ...key, columns: key.columns.map((column) => (column === subname ? newname : column)) };
    const isConstraint = renameType === 'OBJECT_TABCONSTRAINT' && key.name === `${schema}.${subname}`;
    return isConstraint ? { ...key, name: newQualifiedName } : key;
  });
}
