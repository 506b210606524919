/** Finds the indexes and foreign keys that exist after statements. */
import type { AlterTableCmd, Constraint, IndexStmt, Node, RenameStmt } from 'libpg-query';

import { addedColumns, constraintsOf, isNotNullTest } from './column.ts';
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

export function keysAfter(statements: readonly Node[]): Key[] {
  return statements.reduce<Key[]>((keys, node) => {
    const kept = removeDropped(keys, node);
    return [...renameKeys(kept, nodeAs(node, 'RenameStmt')), ...keysOf(node)];
  }, []);
}

/** The indexes and foreign keys that a statement adds. */
export function keysOf(node: Node): Key[] {
  const index = nodeAs(node, 'IndexStmt');
  if (index !== undefined) return canFindRows(index) ? [keyOfIndex(index)] : [];
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

function keyOfConstraint(table: string, constraint: Constraint, columns: readonly string[]): Key[] {
  const { contype, conname, indexname, pktable } = constraint;
  const [schema = '', relation = ''] = table.split('.');
  const named = (suffix: string) => `${schema}.${conname ?? `${relation}_${suffix}`}`;
  if (contype === 'CONSTR_FOREIGN')
    return [
      { kind: 'foreign', name: named(`${columns.join('_')}_fkey`), table, columns, references: tableName(pktable) },
    ];
  // With USING INDEX, the index exists already.
  if (indexname !== undefined) return [];
  if (contype === 'CONSTR_PRIMARY') return [{ kind: 'index', name: named('pkey'), table, columns }];
  if (contype === 'CONSTR_UNIQUE') return [{ kind: 'index', name: named(`${columns.join('_')}_key`), table, columns }];
  return [];
}

function keyOfIndex({ idxname = '', relation, indexParams = [] }: IndexStmt): Key {
  const columns = indexParams.map((element) => nodeAs(element, 'IndexElem')?.name);
  const end = columns.indexOf(undefined);
  return {
    kind: 'index',
    name: `${relation?.schemaname ?? 'public'}.${idxname}`,
    table: tableName(relation),
    columns: columns.slice(0, end === -1 ? columns.length : end).flatMap((column) => column ?? []),
  };
}

/** Whether the index can find all rows with a given value. */
function canFindRows({ accessMethod = 'btree', whereClause }: IndexStmt): boolean {
  const isComplete = whereClause === undefined || isNotNullTest(whereClause);
  return ['btree', 'hash'].includes(accessMethod) && isComplete;
}

function removeDropped(keys: readonly Key[], node: Node): Key[] {
  const drop = nodeAs(node, 'DropStmt');
  const dropped = new Set(drop === undefined ? [] : droppedNames(drop));
  const altered = tableName(nodeAs(node, 'AlterTableStmt')?.relation);
  return keys.filter(
    (key) =>
      !(drop?.removeType === 'OBJECT_INDEX' && key.kind === 'index' && dropped.has(key.name)) &&
      !(drop?.removeType === 'OBJECT_TABLE' && (dropped.has(key.table) || dropped.has(key.references ?? ''))) &&
      !(key.table === altered && commandsOf(node).some((command) => isDroppedBy(key, command))),
  );
}

function isDroppedBy(key: Key, { subtype, name = '' }: AlterTableCmd): boolean {
  if (subtype === 'AT_DropColumn') return key.columns.includes(name);
  return subtype === 'AT_DropConstraint' && key.name.split('.')[1] === name;
}

function renameKeys(keys: readonly Key[], rename: RenameStmt | undefined): Key[] {
  if (rename === undefined) return [...keys];
  const { renameType, relation, subname = '', newname = '' } = rename;
  const [old, schema] = [tableName(relation), relation?.schemaname ?? 'public'];
  const next = `${schema}.${newname}`;
  const isOld = (name: string | undefined) => name === old;
  return keys.map((key) => {
    if (renameType === 'OBJECT_INDEX' && isOld(key.name)) return { ...key, name: next };
    if (renameType === 'OBJECT_TABLE')
      return {
        ...key,
        table: isOld(key.table) ? next : key.table,
        ...(key.references !== undefined && { references: isOld(key.references) ? next : key.references }),
      };
    if (!isOld(key.table)) return key;
    if (renameType === 'OBJECT_COLUMN')
      return { ...key, columns: key.columns.map((column) => (column === subname ? newname : column)) };
    if (renameType === 'OBJECT_TABCONSTRAINT' && key.name === `${schema}.${subname}`) return { ...key, name: next };
    return key;
  });
}
