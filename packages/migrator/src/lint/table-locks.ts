/**
 * The order in which a transaction locks tables. An application locks the row of a parent before the rows of its children: it inserts in
 * this order, and a cascade deletes in this order. A migration that locks a child first can deadlock with the application.
 *
 * drizzle-kit sorts its statements by kind and by name, so two statements of drizzle-kit are never reported: one statement of the pair must
 * be hand-written. Migrations are not compared with each other, because the migration lock allows one run at a time.
 */
import type { Node, RangeVar } from 'libpg-query';

import { type Key, keysAfter } from './keys.ts';
import { commandsOf, isInUse, nodeAs, type StatementContext, tableName } from './statement-context.ts';

/** Whether the statement locks a parent after the same transaction has locked one of its children. */
export function locksParentLast(context: StatementContext): boolean {
  const { isTransactional, fileBefore, before, node } = context;
  const statementLocks = locksOf(node);
  const allLocks = [...fileBefore.flatMap(locksOf), ...statementLocks];
  const locks = allLocks.filter(({ relation }) => isInUse(relation, context));
  if (!isTransactional || !locks.some(({ isHandWritten }) => isHandWritten)) return false;
  // The first lock of each table decides the order.
  const firstLocks = locks.filter(({ table }, index) => locks.findIndex((lock) => lock.table === table) === index);
  const keys = keysAfter(before);
  return firstLocks.some(
    (lock, index) =>
      statementLocks.includes(lock) && firstLocks.slice(0, index).some((earlier) => isParentLast(earlier, lock, keys)),
  );
}

interface TableLock {
  readonly table: string;
  readonly relation: RangeVar | undefined;
  /** Whether the statement is of a kind that drizzle-kit does not generate, such as UPDATE: then a person wrote it. */
  readonly isHandWritten: boolean;
}

/** Whether the later lock is on a parent of the earlier table, and one of the two statements is hand-written. */
function isParentLast(earlier: TableLock, later: TableLock, keys: readonly Key[]): boolean {
  if (!earlier.isHandWritten && !later.isHandWritten) return false;
  // Tables that refer to each other have no order.
  return parentsOf(earlier.table, keys).has(later.table) && !parentsOf(later.table, keys).has(earlier.table);
}

/** The tables to which the table refers, directly or through other tables. */
function parentsOf(table: string, keys: readonly Key[], found = new Set<string>()): Set<string> {
  for (const { references, ...key } of keys) {
    if (references === undefined || key.table !== table || found.has(references)) continue;
    found.add(references);
    parentsOf(references, keys, found);
  }
  return found;
}

/** SHARE UPDATE EXCLUSIVE: the strongest lock that still allows writes of other sessions. */
const STRONGEST_LOCK_WITH_WRITES = 4;

/** The locks of the statement that block writes, in their order. */
function locksOf(node: Node): TableLock[] {
  const lock = nodeAs(node, 'LockStmt');
  const written = nodeAs(node, 'UpdateStmt') ?? nodeAs(node, 'DeleteStmt') ?? nodeAs(node, 'MergeStmt');
  const listed =
    (lock?.mode ?? 0) > STRONGEST_LOCK_WITH_WRITES ? lock?.relations : nodeAs(node, 'TruncateStmt')?.relations;
  const handWritten = [written?.relation, ...(listed ?? []).map((relation) => nodeAs(relation, 'RangeVar'))];
  return [...toLocks(handWritten, true), ...toLocks(tablesLockedByDdl(node), false)];
}

/** The tables that ALTER TABLE and CREATE INDEX lock against writes, and the tables to which added foreign keys refer. */
function tablesLockedByDdl(node: Node): (RangeVar | undefined)[] {
  const commands = commandsOf(node);
  const referenced = commands.map(({ def }) => nodeAs(def, 'Constraint')?.pktable);
  const isValidation = commands.length > 0 && commands.every(({ subtype }) => subtype === 'AT_ValidateConstraint');
  const altered = isValidation ? undefined : nodeAs(node, 'AlterTableStmt')?.relation;
  const index = nodeAs(node, 'IndexStmt');
  return [altered, ...referenced, index?.concurrent === true ? undefined : index?.relation];
}

function toLocks(relations: readonly (RangeVar | undefined)[], isHandWritten: boolean): TableLock[] {
  return relations.flatMap((relation) =>
    relation === undefined ? [] : { table: tableName(relation), relation, isHandWritten },
  );
}
